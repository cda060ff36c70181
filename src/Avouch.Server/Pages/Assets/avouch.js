// What pages do better with a script. Every one of them works without.

// A form that is on its way is not sent again; the server would do it only once in any case.
for (const form of document.querySelectorAll('form[method=post]')) {
  form.addEventListener('submit', () => {
    const button = form.querySelector('button:not([type=button])');
    setTimeout(() => button?.setAttribute('aria-disabled', 'true'));
  });
}

// Passwords: what was typed can be looked at, and goes off hidden, so that browsers keep it as a password.
for (const field of document.querySelectorAll('input[data-show]')) {
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', className: 'quiet reveal', textContent: field.dataset.show });
  const show = shown => {
    field.type = shown ? 'text' : 'password';
    button.setAttribute('aria-pressed', shown);
  };
  show(false);
  button.setAttribute('aria-controls', field.id);
  button.addEventListener('click', () => show(field.type === 'password'));
  field.form.addEventListener('submit', () => show(false));
  field.after(button);
}

// A new password: what the server asks of it is ticked off while it is typed.
const fewestOwnLetters = 4, shortestWord = 3;   // as in PasswordPolicy
const ownFields = ['username', 'email', 'full_name'];
const words = text => text.toLowerCase().split(/[ ._\-+@']/u);

function isMadeOf(words, password) {
  const known = words.filter(word => word.length >= shortestWord).sort((a, b) => b.length - a.length);
  const rest = known.reduce((left, word) => left.replaceAll(word, ' '), password.toLowerCase());
  return rest !== password.toLowerCase() && rest.replace(/[\p{Nd}\p{P}\p{S}\s]/gu, '').length < fewestOwnLetters;
}

function isMet(rule, password, form) {
  const { min, max, own, context } = rule.dataset;
  if (rule.dataset.rule === 'length') return [...password].length >= min && [...password].length <= max;
  const names = [own ?? '', ...ownFields.map(name => form.elements[name]?.value ?? '')].flatMap(text => [text.toLowerCase(), text.toLowerCase().replaceAll(' ', ''), ...words(text)]);
  return password !== '' && !isMadeOf(names, password) && !isMadeOf(context.split(' '), password);
}

for (const list of document.querySelectorAll('.policy')) {
  const { form } = list.closest('.field').querySelector('input');
  list.classList.add('live');
  form.addEventListener('input', () => {
    for (const rule of list.querySelectorAll('[data-rule]')) rule.classList.toggle('met', isMet(rule, form.elements[list.dataset.name].value, form));
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


// The journal, followed live: the link to what is newer is asked again and again, one request at a time, while somebody looks. Each answer begins
// where the one before ended, so no row is missed; it is a page like any other, so it is refused as soon as the session ends.
const follow = document.getElementById('follow');
if (follow) {
  const pause = 2000, longest = 30 * 60 * 1000, most = 500;
  const said = document.getElementById('followed'), off = follow.textContent;
  const newer = document.getElementById('newer');
  let until = 0, turn = 0;   // of several looks only the last counts

  const show = page => {
    const rows = [...page.querySelectorAll('#rows > tr')], body = document.getElementById('rows');
    rows.forEach(row => row.classList.add('fresh'));
    body.prepend(...rows);
    while (body.children.length > most) body.lastElementChild.remove();
    if (!rows.length) return;
    document.getElementById('journal').hidden = false;
    document.getElementById('empty')?.remove();
  };
  const stop = text => {
    turn++;
    until = 0;
    follow.setAttribute('aria-pressed', 'false');
    follow.textContent = off;
    said.textContent = text;
  };
  const look = async () => {
    const mine = ++turn;
    if (document.hidden || !until) return;
    if (Date.now() > until) return stop(said.dataset.ended);
    try {
      const answer = await fetch(newer.href, { redirect: 'manual' });
      if (mine !== turn) return;
      if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) return location.reload();
      if (!answer.ok) throw answer;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (mine !== turn) return;
      show(page);
      newer.href = page.getElementById('newer').href;
      said.textContent = '';
      if (page.getElementById('follow').disabled) return look();   // there is more than a page
    } catch {
      if (mine === turn) said.textContent = said.dataset.lost;
    }
    setTimeout(() => { if (mine === turn) look(); }, pause);
  };
  follow.hidden = false;
  follow.addEventListener('click', () => {
    if (until) return stop('');
    until = Date.now() + longest;
    follow.setAttribute('aria-pressed', 'true');
    follow.textContent = follow.dataset.on;
    look();
  });
  document.addEventListener('visibilitychange', look);
}

// Settings are searched while somebody types; without a script the browser's own search does it.
const sift = document.getElementById('sift');
if (sift) {
  const field = document.getElementById('sift-text'), found = document.getElementById('sift-found');
  sift.hidden = false;
  field.addEventListener('input', () => {
    const words = field.value.toLowerCase().split(/\s+/);
    let count = 0;
    for (const group of document.querySelectorAll('.sifted')) {
      let any = false;
      for (const row of group.querySelectorAll('dl > div')) {
        row.hidden = !words.every(word => row.textContent.toLowerCase().includes(word));
        if (!row.hidden) { any = true; count++; }
      }
      group.hidden = !any;
    }
    found.textContent = count ? '' : found.dataset.none;
  });
}
