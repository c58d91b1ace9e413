/** Small helpers for pages that are built by hand. Text goes in as text only. */

/** An empty element of a class. */
export function made<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = '',
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

/** An element of a class that holds a text. */
export function textOf<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  text: string,
): HTMLElementTagNameMap[Tag] {
  const element = made(tag, className);
  element.textContent = text;
  return element;
}

/** A push button. */
export function buttonOf(label: string, run: () => void, className = 'secondary'): HTMLButtonElement {
  const button = textOf('button', className, label);
  button.addEventListener('click', run);
  return button;
}

/** A push button that says less in a side bar; its whole label is heard, and its title. */
export function shortButtonOf(label: string, short: string, run: () => void): HTMLButtonElement {
  const button = buttonOf(label, run);
  button.title = button.ariaLabel = label;
  button.dataset['short'] = short;
  return button;
}

/** The page's element of this id. Throws when the page has none of this kind. */
export function element<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${id}`);
  return found;
}
