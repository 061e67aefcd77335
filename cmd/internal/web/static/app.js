// The script of the review page. Every page works without it: it replaces loading whole
// pages by loading rows, shows codes as chips, checks while somebody types, and follows
// what others do. It builds no HTML from texts: the server sends rows that its templates
// made, and texts go into the page as text.
(() => {
'use strict';

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const root = document.documentElement;
const csrf = $('meta[name=csrf]')?.content;
const toastBox = $('#toast');
const texts = toastBox ? toastBox.dataset : {};
root.classList.add('scripted');

// element makes an element with properties and children; strings become text.
function element(tag, properties = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'data') Object.assign(e.dataset, value);
    else if (name in e) e[name] = value;
    else e.setAttribute(name, value);
  }
  e.append(...children);
  return e;
}

// fragment makes elements of HTML that the server's templates wrote.
function fragment(html) {
  const t = document.createElement('template');
  t.innerHTML = html;
  return t.content;
}

let toastTimer;
function toast(message, {bad = false, action, label} = {}) {
  clearTimeout(toastTimer);
  toastBox.replaceChildren(element('span', {}, message));
  if (action) toastBox.append(element('button', {type: 'button', onclick: () => { hideToast(); action(); }}, label));
  toastBox.append(element('button', {type: 'button', onclick: hideToast, ariaLabel: texts.close}, '×'));
  toastBox.classList.toggle('bad', bad);
  toastBox.classList.add('shown');
  toastTimer = setTimeout(hideToast, bad || action ? 30000 : 8000); // what can be clicked stays (WCAG 2.2, 2.2.1)
}
function hideToast() { toastBox.classList.remove('shown'); }

// send asks the server for JSON. Its result has the status as "status".
async function send(url, form, options = {}) {
  const init = {headers: {Accept: 'application/json', 'X-CSRF-Token': csrf}, ...options};
  if (form) { init.method = 'POST'; init.body = form; }
  let response;
  try {
    response = await fetch(url, init);
  } catch (err) {
    if (err.name !== 'AbortError') toast(texts.offline, {bad: true});
    throw err;
  }
  if (response.status === 401) { location.reload(); throw new Error('logged out'); }
  const result = await response.json().catch(() => ({error: response.statusText}));
  result.status = response.status;
  if (result.error) { toast(texts.failed + ' ' + result.error, {bad: true}); throw new Error(result.error); }
  return result;
}
const formOf = values => { const f = new URLSearchParams(); for (const [k, v] of Object.entries(values)) f.append(k, v); return f; };
const typing = target => target.closest?.('input, textarea, select, [contenteditable=true]');

// ---------------------------------------------------------------- the editor of a text

const padding = '\ufeff'; // U+FEFF ZERO WIDTH NO-BREAK SPACE
const tagPattern = /(\\*)<(\/?)(\d+)(\/?)>/g;

// Editor shows the codes of a text as chips that are moved and removed as one thing. The
// textarea below it keeps the text with numbered tags, as without script.
class Editor {
  constructor(row) {
    this.row = row;
    this.form = $('form.editor', row);
    this.area = $('textarea[name=text]', row);
    this.readOnly = this.area.readOnly;
    this.chips = $$('.codes button', row);
    this.known = new Map(this.chips.map(b => [b.dataset.tag, b]));
    this.saved = this.area.dataset.stored;
    this.box = element('div', {className: 'editing', lang: this.area.lang, dir: this.area.dir, role: 'textbox', ariaMultiLine: 'true', ariaLabel: $('label', this.form).textContent, tabIndex: 0, spellcheck: true});
    this.box.setAttribute('aria-describedby', this.area.getAttribute('aria-describedby'));
    this.box.contentEditable = this.readOnly ? 'false' : 'true';
    this.state = $('.saving', this.form);
    this.show(this.area.value);
    this.area.hidden = true;
    this.area.after(this.box);
    this.box.addEventListener('input', () => this.changed());
    this.box.addEventListener('beforeinput', e => {
      if (e.inputType === 'insertParagraph' || e.inputType === 'insertLineBreak') {
        e.preventDefault();
        if ('multiline' in this.form.dataset) document.execCommand('insertText', false, '\n');
      } else if (e.inputType.startsWith('format')) e.preventDefault();
    });
    this.box.addEventListener('paste', e => this.paste(e, e.clipboardData));
    this.box.addEventListener('drop', e => this.paste(e, e.dataTransfer));
    for (const type of ['copy', 'cut']) this.box.addEventListener(type, e => {
      const s = getSelection();
      if (s.isCollapsed || !s.rangeCount) return;
      e.clipboardData.setData('text/plain', this.read(s.getRangeAt(0).cloneContents()));
      e.preventDefault();
      if (type === 'cut') document.execCommand('delete');
    });
    this.mark();
  }

  chip(tag) {
    const b = this.known.get(tag);
    const c = element('span', {className: 'code ' + b.dataset.shape, contentEditable: 'false', title: b.title, data: {tag}}, b.dataset.number);
    c.setAttribute('role', 'img');
    c.setAttribute('aria-label', texts.code + ' ' + tag);
    return c;
  }

  // show puts a tagged text into the editor.
  show(tagged) {
    this.box.replaceChildren(...this.parts(tagged));
    this.pad();
  }

  parts(tagged) {
    const out = [];
    let at = 0, text = '';
    for (const m of tagged.matchAll(tagPattern)) {
      text += tagged.slice(at, m.index);
      at = m.index + m[0].length;
      const tag = m[0].slice(m[1].length);
      text += '\\'.repeat(m[1].length >> 1);
      if (m[1].length % 2 || !this.known.has(tag)) { text += tag; continue; }
      if (text) out.push(document.createTextNode(text));
      text = '';
      out.push(this.chip(tag));
    }
    text += tagged.slice(at);
    if (text) out.push(document.createTextNode(text));
    return out;
  }

  // read returns the text of nodes with numbered tags. What reads as a tag and is none
  // gets a backslash, and backslashes before a tag are doubled.
  read(node = this.box) {
    let out = '', first = true;
    const walk = n => {
      if (n.nodeType === Node.TEXT_NODE) { out += n.data.replace(tagPattern, m => '\\'.repeat(m.indexOf('<') + 1) + m); return; }
      if (n.dataset?.tag) { out += '\\'.repeat(out.length - out.replace(/\\+$/, '').length) + n.dataset.tag; return; }
      if (n.nodeName === 'BR') { if (n.nextSibling || n.parentNode !== this.box) out += '\n'; return; }
      if (n !== node && n.nodeName === 'DIV' && !first) out += '\n';
      first = false;
      n.childNodes.forEach(walk);
    };
    walk(node);
    return out.replaceAll(padding, '');
  }

  get value() { return this.read(); }
  get dirty() { return !this.readOnly && this.value !== this.saved; }

  // set replaces the whole text, so that the browser can undo it.
  set(tagged) {
    this.focus(false);
    getSelection().selectAllChildren(this.box);
    this.insert(this.parts(tagged));
  }

  insert(nodes) {
    const holder = element('div', {}, ...nodes);
    if (!nodes.length) {
      document.execCommand('delete');
    } else if (!document.execCommand('insertHTML', false, holder.innerHTML)) {
      const r = getSelection().getRangeAt(0);
      r.deleteContents();
      nodes.reverse().forEach(n => r.insertNode(n));
      getSelection().collapseToEnd();
    }
    this.changed();
    this.leaveChip();
  }

  insertText(text) {
    this.focus(false);
    document.execCommand('insertText', false, text);
  }

  paste(e, data) {
    e.preventDefault();
    if (this.readOnly || !data) return;
    let text = data.getData('text/plain').replace(/\r\n?/g, '\n');
    if (!('multiline' in this.form.dataset)) text = text.replace(/\s*\n\s*/g, ' ');
    this.insert(this.parts(text));
  }

  // place puts a code at the caret; a pair goes around a selection.
  place(tag) {
    const b = this.known.get(tag);
    this.focus(false);
    const selection = getSelection();
    const pair = b.dataset.shape === 'start' ? '</' + b.dataset.number + '>' : '';
    if (pair && this.known.has(pair) && !selection.isCollapsed && this.box.contains(selection.anchorNode)) {
      const inside = [...selection.getRangeAt(0).cloneContents().childNodes];
      this.insert([this.chip(tag), ...inside, this.chip(pair)]);
    } else {
      this.insert([this.chip(tag)]);
    }
  }

  // placeNext puts the first code that the text does not have yet.
  placeNext() {
    const next = this.chips.find(b => b.classList.contains('absent')) ?? this.chips[0];
    if (next) this.place(next.dataset.tag);
  }

  focus(toEnd = true) {
    if (document.activeElement !== this.box) {
      this.box.focus({preventScroll: !toEnd});
      const s = getSelection();
      if (toEnd || !this.box.contains(s.anchorNode)) { s.selectAllChildren(this.box); s.collapseToEnd(); }
    }
  }

  changed() {
    this.pad();
    this.area.value = this.value;
    this.mark();
    this.state.textContent = this.dirty ? texts.unsaved : '';
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), 350);
  }

  // pad puts an invisible character behind a chip at the end, which is no part of the
  // text: behind the last thing that cannot be edited, browsers have no place to type.
  pad() {
    if (this.box.lastChild?.dataset?.tag) this.box.append(padding);
  }

  // beforePadding selects the last chip with what pads it, so that one key removes it.
  beforePadding() {
    const s = getSelection(), n = s.anchorNode;
    if (!s.isCollapsed || n?.nodeType !== Node.TEXT_NODE || n.data[s.anchorOffset - 1] !== padding) return;
    const chip = n.previousSibling;
    if (s.anchorOffset === 1 && chip?.dataset?.tag) s.setBaseAndExtent(this.box, [...this.box.childNodes].indexOf(chip), n, 1);
  }

  // leaveChip moves the caret out of a chip, where nothing can be typed.
  leaveChip() {
    const s = getSelection();
    const chip = s.isCollapsed && (s.anchorNode?.nodeType === Node.TEXT_NODE ? s.anchorNode.parentNode : s.anchorNode)?.closest?.('[data-tag]');
    if (chip && this.box.contains(chip)) s.collapse(chip.parentNode, [...chip.parentNode.childNodes].indexOf(chip) + 1);
  }

  // mark shows which codes the text does not have yet.
  mark() {
    const have = new Set($$('[data-tag]', this.box).map(c => c.dataset.tag));
    for (const b of this.chips) b.classList.toggle('absent', !have.has(b.dataset.tag) && this.box.textContent.trim() !== '');
  }

  async check() {
    this.request?.abort();
    this.request = new AbortController();
    const live = $('.live', this.row);
    let result;
    try {
      result = await send(main.dataset.check, formOf({unit: this.row.dataset.unit, segment: this.row.dataset.segment, text: this.value}), {signal: this.request.signal});
    } catch { return; }
    if (!this.row.isConnected) return;
    const list = element('ul', {className: 'findings'});
    const item = (severity, name, message, hint, id) => list.append(element('li', {className: severity},
      element('strong', {}, name), ' ' + message + ' ', element('small', {className: 'muted'}, hint || ''), ' ', element('small', {className: 'muted id'}, id || '')));
    if (result.problem) item('error', '', result.problem);
    for (const f of result.findings) item(f.severity, f.severityName, f.message, f.hint, f.id);
    live.replaceChildren(list);
  }
}

// ---------------------------------------------------------------- the article

const main = $('main.article[data-rows]');
let editor = null;    // of the open row
let saving = null;    // a save that runs
let stale = new Set(); // rows that others changed
let cursor = null;

function setRows(result) {
  for (const [id, html] of Object.entries(result.rows || {})) {
    const old = document.getElementById(id);
    if (!old) continue;
    const fresh = fragment(html).querySelector('li');
    if (editor && editor.row === old && !fresh.classList.contains('open')) editor = null;
    const was = old.classList.contains('cursor');
    old.replaceWith(fresh);
    if (was) setCursor(fresh, false);
    if (fresh.classList.contains('open')) { editor = new Editor(fresh); }
  }
  if (result.progress) $('#progress').textContent = result.progress;
  if (result.ratio !== undefined) $('#ratio')?.setAttribute('width', result.ratio);
}

const rows = () => $$('.segments > .row');

function setCursor(row, scroll = true) {
  cursor?.classList.remove('cursor');
  cursor = row;
  row.classList.add('cursor');
  if (scroll) row.scrollIntoView({block: 'nearest'});
}

// leave saves the open row, if its text was changed, and closes it. It reports whether
// that is done: a row with a conflict or a problem stays open.
async function leave() {
  if (!editor) return true;
  const row = editor.row;
  if (editor.dirty) return save({close: true});
  editor = null;
  setRows(await send(main.dataset.rows + '?rows=' + row.id));
  return true;
}

let opening = 0;
async function open(row, focus = true) {
  if (!row) return;
  if (editor?.row === row) { editor.focus(); return; }
  const id = row.id, turn = ++opening;
  if (!await leave()) return;
  const q = new URLSearchParams({unit: row.dataset.unit, segment: row.dataset.segment});
  const result = await send(main.dataset.rows + '?' + q);
  if (turn !== opening) return;
  setRows(result);
  const now = document.getElementById(id);
  setCursor(now, false);
  now.scrollIntoView({block: 'nearest'});
  history.replaceState(null, '', location.pathname + '?' + withShow(q) + '#' + id);
  light(id);
  if (focus && editor) editor.focus();
}

function withShow(q) {
  const here = new URLSearchParams(location.search);
  for (const name of ['show', 'q']) if (here.get(name)) q.set(name, here.get(name));
  return q;
}

// save sends the open row. Saves follow each other, so that none overtakes another.
async function save({state = '', then = 'stay', close = false} = {}) {
  while (saving) await saving.catch(() => {});
  if (!editor) return true;
  const e = editor, row = e.row;
  const form = new URLSearchParams(new FormData(e.form));
  form.set('text', e.value);
  form.set('state', state);
  form.set('then', close || then === 'next' ? 'close' : 'stay');
  e.state.textContent = texts.saving;
  clearTimeout(e.timer);
  e.request?.abort();
  saving = send(e.form.getAttribute('action'), form);
  let result;
  try { result = await saving; } catch { e.state.textContent = texts.unsaved; return false; } finally { saving = null; }
  const id = row.id, failed = result.conflict || result.problem;
  const typed = e.value, more = typed !== form.get('text'), later = !failed && more; // something was typed meanwhile
  if (later) delete result.rows[id];
  if (failed || !close && then !== 'next') {
    const focused = e.box === document.activeElement;
    setRows(result);
    if (failed && more && editor) { editor.show(typed); editor.changed(); }
    if (focused && editor) editor.focus();
  } else {
    setRows(result);
  }
  if (failed) { hideToast(); return false; } // the row says why
  if (later) {
    // The form is based on what was saved now.
    const q = new URLSearchParams({unit: row.dataset.unit, segment: row.dataset.segment});
    const fresh = fragment((await send(main.dataset.rows + '?' + q)).rows[id]);
    $('[name=base]', row).value = $('[name=base]', fresh).value;
    e.saved = form.get('text');
    e.changed();
  }
  if (result.undo) toast(result.notice, {action: () => undo(result.undo), label: texts.undo});
  else if (result.notice) toast(result.notice);
  refreshPreview();
  if (then === 'next') {
    const all = rows(), i = all.findIndex(r => r.id === id);
    await open(all[i + 1] ?? null);
    if (!all[i + 1]) document.getElementById(id)?.querySelector('.number')?.focus();
  }
  return true;
}

// saveTwin saves the segment in the other script, and leaves the open row as it is.
async function saveTwin(form, data) {
  const row = form.closest('.row');
  data.set('then', 'close');
  const result = await send(form.getAttribute('action'), data);
  if (result.conflict || result.problem) { toast(result.problem || texts.other, {bad: true}); return; }
  toast(texts.saved);
  const q = new URLSearchParams({unit: row.dataset.unit, segment: row.dataset.segment});
  const fresh = fragment((await send(main.dataset.rows + '?' + q)).rows[row.id]);
  const base = $(`[data-twin="${CSS.escape(form.dataset.twin)}"] [name=base]`, fresh);
  if (base) $('[name=base]', form).value = base.value;
}

async function undo(batch) {
  const wasOpen = editor?.row.id;
  const result = await send(main.dataset.undo, formOf({batch}));
  setRows(result);
  toast(result.notice);
  refreshPreview();
  if (wasOpen && result.rows[wasOpen]) open(document.getElementById(wasOpen));
}

async function draft() {
  if (!editor || !$('[data-draft]', editor.row)) return;
  const row = editor.row;
  const result = await send(main.dataset.draft, formOf({unit: row.dataset.unit, segment: row.dataset.segment}));
  if (editor?.row !== row) return;
  editor.set(result.text);
  // The draft is in the memory now: what the row was based on has changed with it.
  const q = new URLSearchParams({unit: row.dataset.unit, segment: row.dataset.segment});
  const fresh = fragment((await send(main.dataset.rows + '?' + q)).rows[row.id]);
  $('[name=base]', row).value = $('[name=base]', fresh).value;
}

// ---------------------------------------------------------------- preview

const frame = $('.preview iframe');
function light(id) {
  if (frame && frame.offsetParent) frame.src = main.dataset.preview + (id ? '#' + id : '');
}
let previewTimer;
function refreshPreview() {
  clearTimeout(previewTimer);
  previewTimer = setTimeout(() => {
    if (!frame || !frame.offsetParent) return;
    const id = editor?.row.id ?? cursor?.id ?? '';
    frame.src = main.dataset.preview + '?at=' + Date.now() + (id ? '#' + id : '');
    main.dataset.preview = frame.getAttribute('src').replace(/#.*/, '');
  }, 400);
}
function togglePreview() {
  const shown = frame.offsetParent !== null;
  document.body.classList.toggle('withpreview', !shown);
  document.body.classList.toggle('nopreview', shown);
  if (!shown) light(editor?.row.id ?? cursor?.id);
}

// ---------------------------------------------------------------- events of the page

document.addEventListener('click', async e => {
  const target = e.target;
  if (target.closest('[data-keys]')) { e.preventDefault(); showKeys(); return; }
  if (target.closest('[data-preview-toggle]') && frame) { e.preventDefault(); togglePreview(); return; }
  if (!main) return;
  const tag = target.closest('.codes [data-tag]');
  if (tag && editor) { editor.place(tag.dataset.tag); return; }
  const use = target.closest('[data-use]');
  if (use && editor) { editor.set(use.dataset.use); return; }
  const insert = target.closest('[data-insert]');
  if (insert && editor) { editor.insertText(insert.dataset.insert); return; }
  const step = target.closest('[data-step]');
  if (step && editor) { e.preventDefault(); move(step.dataset.step === 'next' ? 1 : -1); return; }
  const row = target.closest('.segments > .row');
  if (row && !row.classList.contains('open') && !target.closest('button') && getSelection().isCollapsed && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
    e.preventDefault();
    open(row);
  }
});
// A button for a code must not take the caret out of the text.
document.addEventListener('mousedown', e => { if (e.target.closest('.codes button, [data-insert]')) e.preventDefault(); });

document.addEventListener('selectionchange', () => { if (editor && document.activeElement === editor.box) editor.leaveChip(); });

document.addEventListener('submit', async e => {
  const form = e.target;
  if (!main || form.method === 'dialog') return;
  const data = new FormData(form, e.submitter);
  if (form.classList.contains('editor')) {
    e.preventDefault();
    await save({state: data.get('state') || '', then: data.get('then') || 'next'});
  } else if (form.dataset.take !== undefined) {
    e.preventDefault();
    editor?.set(form.dataset.take);
  } else if (form.dataset.draft !== undefined) {
    e.preventDefault();
    e.submitter.disabled = true;
    await draft().catch(() => {});
    e.submitter.disabled = false;
  } else if (form.dataset.twin && editor) {
    e.preventDefault();
    await saveTwin(form, new URLSearchParams(data));
  } else if (form.dataset.note !== undefined && data.get('unit') && editor) {
    e.preventDefault();
    const id = editor.row.id, typed = editor.dirty ? editor.value : null;
    setRows(await send(form.getAttribute('action'), new URLSearchParams(data)));
    if (typed !== null) editor?.set(typed);
    $('.comments summary', document.getElementById(id))?.focus();
  }
});

async function move(by) {
  const all = rows();
  const i = all.indexOf(editor?.row ?? cursor);
  const next = all[i + by];
  if (!next) return;
  if (editor) await open(next); else setCursor(next);
}

document.addEventListener('keydown', async e => {
  const mod = e.ctrlKey || e.metaKey;
  if (!typing(e.target) && !mod && !e.altKey) {
    switch (e.key) {
    case '?': e.preventDefault(); showKeys(); return;
    case '/': { const f = $('[data-search]'); if (f) { e.preventDefault(); f.focus(); f.select(); } return; }
    case 'j': case 'k': if (main) { e.preventDefault(); move(e.key === 'j' ? 1 : -1); } return;
    case 'Enter': if (main && cursor && (document.activeElement === document.body)) { e.preventDefault(); open(cursor); } return;
    }
  }
  if (!main || !editor) return;
  if (e.key === 'Backspace' && e.target === editor.box) editor.beforePadding();
  if (e.key === 'Escape' && !$('dialog[open]')) {
    e.preventDefault();
    const id = editor.row.id;
    if (await leave()) $('.number', document.getElementById(id))?.focus({preventScroll: true});
  } else if (mod && e.key === 'Enter') {
    e.preventDefault();
    save({state: e.shiftKey && $('[name=state][value=reviewed]', editor.row) ? 'reviewed' : '', then: 'next'});
  } else if (mod && !e.altKey && e.code === 'KeyS') {
    e.preventDefault();
    save({then: 'stay'});
  } else if (e.altKey && !mod && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
    e.preventDefault();
    move(e.key === 'ArrowDown' ? 1 : -1);
  } else if (e.altKey && !mod && /^Digit[1-9]$/.test(e.code)) {
    const take = $$('[data-take]', editor.row)[e.code.slice(5) - 1];
    if (take) { e.preventDefault(); editor.set(take.dataset.take); }
  } else if (e.altKey && !mod && e.code === 'KeyT') {
    e.preventDefault();
    editor.placeNext();
  } else if (e.altKey && !mod && e.code === 'KeyC') {
    e.preventDefault();
    copySource();
  } else if (e.altKey && !mod && e.code === 'KeyG') {
    e.preventDefault();
    draft().catch(() => {});
  }
});

// copySource puts the source into the editor, with its codes.
function copySource() {
  const tags = $$('.codes [data-tag]', editor.row).map(b => b.dataset.tag);
  let text = '', n = 0;
  const walk = node => {
    if (node.nodeType === Node.TEXT_NODE) text += node.data.replace(tagPattern, m => '\\'.repeat(m.indexOf('<') + 1) + m);
    else if (node.classList?.contains('code')) text += tags[n++] ?? '';
    else node.childNodes.forEach(walk);
  };
  walk($('.source', editor.row));
  editor.set(text);
}

function showKeys() {
  const sheet = $('#keysheet');
  if (!sheet) { location.href = '/keys'; return; }
  let dialog = $('dialog.sheet');
  if (!dialog) { document.body.append(sheet.content.cloneNode(true)); dialog = $('dialog.sheet'); }
  dialog.showModal();
}

addEventListener('beforeunload', e => {
  if (editor?.dirty) e.preventDefault();
});
// A page that is put away, as on a phone, saves what was typed.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden' && editor?.dirty) save({then: 'stay'}).catch(() => {});
});

for (const form of $$('form[data-auto]')) {
  form.addEventListener('change', e => { if (e.target.matches('select, [type=checkbox]')) form.requestSubmit(); });
}
for (const all of $$('[data-all]')) {
  all.addEventListener('change', () => { for (const c of $$('tbody [type=checkbox]:not([disabled])', all.closest('table'))) c.checked = all.checked; });
}
document.addEventListener('click', e => {
  for (const menu of $$('details.menu[open]')) if (!menu.contains(e.target)) menu.open = false;
});

// ---------------------------------------------------------------- what others do

let pending = null;
function follow(e) {
  if (e.type === 'board' && $('#board')) { clearTimeout(pending); pending = setTimeout(loadBoard, 150); }
  if (!main) return;
  const here = (!e.article || e.article === main.dataset.article) && (!e.locale || e.locale === main.dataset.locale);
  if (!here) return;
  if (e.type === 'article' || e.type === 'project') { if (!editor?.dirty) setTimeout(() => location.reload(), 300); }
  if (e.type === 'segments') { for (const id of e.rows || []) stale.add(id); clearTimeout(pending); pending = setTimeout(loadRows, 120); }
}
async function loadBoard() {
  const box = $('#board');
  const response = await fetch(box.dataset.src + location.search, {headers: {Accept: 'text/html'}});
  if (!response.ok) return;
  const scroll = $('.scroll', box), at = scroll ? [scroll.scrollLeft, scroll.scrollTop] : null;
  const focused = box.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  box.replaceChildren(fragment(await response.text()));
  if (at && $('.scroll', box)) [$('.scroll', box).scrollLeft, $('.scroll', box).scrollTop] = at;
  if (focused) $$('a', box).find(a => a.getAttribute('href') === focused)?.focus();
}
async function loadRows() {
  if (saving) { await saving.catch(() => {}); }
  const ids = [...stale].filter(id => document.getElementById(id));
  stale = new Set();
  const openID = editor?.row.id;
  const closed = ids.filter(id => id !== openID);
  if (closed.length) {
    const result = await send(main.dataset.rows + '?rows=' + closed.join(','));
    delete result.rows[editor?.row.id]; // it was opened meanwhile
    setRows(result);
  }
  if (openID && ids.includes(openID) && editor) await compareOpen();
  if (ids.length) refreshPreview();
}
// compareOpen tells somebody who has a row open that another saved it. A text that was
// not changed here is replaced; one that was stays, and its save is refused.
async function compareOpen() {
  const row = editor.row;
  const q = new URLSearchParams({unit: row.dataset.unit, segment: row.dataset.segment});
  const result = await send(main.dataset.rows + '?' + q);
  const fresh = fragment(result.rows[row.id]);
  if (!editor || editor.row !== row || $('[name=base]', fresh).value === $('[name=base]', row).value) return;
  if (editor.dirty) { toast(texts.other, {bad: true}); return; }
  const focused = editor.box === document.activeElement;
  setRows(result);
  if (focused) editor?.focus();
  toast(texts.other);
}

if ('live' in document.body.dataset && window.EventSource) {
  // Browsers have few connections for one site: a page that is not seen leaves its own.
  let source = null, lost = false;
  const connect = () => {
    source = new EventSource('/events');
    source.onmessage = m => follow(JSON.parse(m.data));
    source.onerror = () => { lost = true; };
    source.onopen = () => {
      if (!lost) return;
      lost = false; // something may have been missed
      if ($('#board')) loadBoard();
      if (main) { for (const r of rows().slice(0, 500)) stale.add(r.id); loadRows(); }
    };
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') { source?.close(); source = null; lost = true; } else if (!source) connect();
  });
  connect();
}

if (main) {
  const row = $('.row.open');
  if (row) { editor = new Editor(row); setCursor(row, false); }
  for (const b of $$('.previewbar [data-preview-toggle]')) b.hidden = false;
  if (row) { row.scrollIntoView({block: 'center'}); light(row.id); editor.focus(); }
  // What is left of an earlier save is not to be sent again.
  if (new URLSearchParams(location.search).has('saved')) {
    const q = new URLSearchParams(location.search);
    for (const name of ['saved', 'others', 'propagated']) q.delete(name);
    history.replaceState(null, '', location.pathname + (q.size ? '?' + q : '') + location.hash);
  }
}
})();
