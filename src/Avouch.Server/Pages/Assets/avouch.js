// What pages do better with a script. Every one of them works without.

// A form that is on its way is not sent again; the server would do it only once in any case.
for (const form of document.querySelectorAll('form[method=post]')) {
  form.addEventListener('submit', () => {
    const button = form.querySelector('button:not([type=button])');
    setTimeout(() => button?.setAttribute('aria-disabled', 'true'));
  });
}

// Lists that are found as one types: the server sends the list alone, and the address stays that of what is shown.
const search = document.querySelector('form.live');
if (search) {
  let asking, pause;
  const find = async () => {
    asking?.abort();
    asking = new AbortController();
    const words = new URLSearchParams([...new FormData(search)].filter(([, value]) => value)).toString();
    const address = search.action + (words && '?' + words);
    try {
      const answer = await fetch(address, { headers: { 'Avouch-Part': 'list' }, signal: asking.signal });
      if (answer.redirected || !answer.ok) return location.assign(address);   // signed out meanwhile, or refused: the page says so
      document.getElementById('list').outerHTML = await answer.text();
      document.getElementById('said').textContent = document.getElementById('found').textContent;
      history.replaceState(null, '', address);
      ready();
    } catch (fault) {
      if (fault.name !== 'AbortError') throw fault;
    }
  };
  search.addEventListener('input', () => { clearTimeout(pause); pause = setTimeout(find, 150); });
  search.addEventListener('submit', event => { event.preventDefault(); clearTimeout(pause); find(); });
  const ready = () => document.getElementById('tick-all')?.parentElement.removeAttribute('hidden');
  ready();
  document.addEventListener('change', event => {
    if (event.target.id !== 'tick-all') return;
    for (const box of document.querySelectorAll('input[form=acts]')) box.checked = event.target.checked;
  });
}
