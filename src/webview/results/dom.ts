type Child = Node | string | undefined;

/** What an element gets: attributes, and listeners under `onclick` and the like. */
export type Attributes = Readonly<
  Record<string, string | number | boolean | ((event: Event) => void) | undefined>
>;

/**
 * Makes an element. Texts become text nodes, never markup: names of metrics come from programs that nobody checked.
 * `false` and undefined leave an attribute out.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** Replaces what an element holds. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...children.filter((child) => child !== undefined));
}

/** A choice among texts. */
export function select(
  label: string,
  options: readonly { readonly value: string; readonly text: string }[],
  chosen: string,
  onChange: (value: string) => void,
): HTMLLabelElement {
  const list = h(
    'select',
    {
      onchange: () => {
        onChange(list.value);
      },
    },
    ...options.map(({ value, text }) => h('option', { value, selected: value === chosen }, text)),
  );
  return h('label', { class: 'field' }, h('span', {}, label), list);
}

export function checkbox(
  label: string,
  checked: boolean,
  onChange: (checked: boolean) => void,
): HTMLLabelElement {
  const box = h('input', {
    type: 'checkbox',
    checked,
    onchange: () => {
      onChange(box.checked);
    },
  });
  return h('label', { class: 'check' }, box, h('span', {}, label));
}

export function button(text: string, onClick: () => void, more: Attributes = {}): HTMLButtonElement {
  return h('button', { type: 'button', class: 'secondary', ...more, onclick: onClick }, text);
}
