// What pages do better with a script. Every one of them works without.

// A form that is on its way is not sent again; the server would do it only once in any case.
for (const form of document.querySelectorAll('form[method=post]')) {
  form.addEventListener('submit', () => {
    const button = form.querySelector('button:not([type=button])');
    setTimeout(() => button?.setAttribute('aria-disabled', 'true'));
  });
}
