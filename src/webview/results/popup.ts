import { h } from './dom';

export interface MenuItem {
  readonly text: string;
  readonly isChecked?: boolean;
  readonly isDisabled?: boolean;
  readonly act: () => void;
}

let close: (() => void) | undefined;

/** A menu under an element, by mouse and keys as menus are. One at a time. */
export function showMenu(anchor: HTMLElement, label: string, items: readonly MenuItem[]): void {
  close?.();
  const buttons = items.map((item) => itemButton(item, () => close?.()));
  const menu = h('div', { class: 'menu', role: 'menu', 'aria-label': label }, ...buttons);
  document.body.append(menu);
  place(menu, anchor);
  const onKey = (event: KeyboardEvent): void => {
    onMenuKey(event, buttons);
  };
  const onPointer = (event: Event): void => {
    if (event.target instanceof Node && !menu.contains(event.target)) close?.();
  };
  menu.addEventListener('keydown', onKey);
  document.addEventListener('pointerdown', onPointer, true);
  close = () => {
    document.removeEventListener('pointerdown', onPointer, true);
    const hadFocus = menu.contains(document.activeElement);
    menu.remove();
    close = undefined;
    if (hadFocus) anchor.focus();
  };
  buttons.find((each) => !each.disabled)?.focus();
}

function itemButton({ text, isChecked, isDisabled, act }: MenuItem, shut: () => void): HTMLButtonElement {
  const role = isChecked === undefined ? 'menuitem' : 'menuitemcheckbox';
  const mark = isChecked === undefined ? '' : isChecked ? '✓' : '';
  return h(
    'button',
    {
      type: 'button',
      role,
      tabindex: -1,
      disabled: isDisabled,
      'aria-checked': isChecked === undefined ? undefined : String(isChecked),
      onclick: () => {
        shut();
        act();
      },
    },
    h('span', { class: 'mark', 'aria-hidden': 'true' }, mark),
    h('span', {}, text),
  );
}

function onMenuKey(event: KeyboardEvent, buttons: readonly HTMLButtonElement[]): void {
  const enabled = buttons.filter((each) => !each.disabled);
  const at = enabled.findIndex((each) => each === document.activeElement);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1 + enabled.length,
    Home: 0,
    End: enabled.length - 1,
  };
  const to = steps[event.key];
  if (event.key === 'Escape' || event.key === 'Tab') close?.();
  else if (to !== undefined) enabled[to % enabled.length]?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function place(menu: HTMLElement, anchor: HTMLElement): void {
  const box = anchor.getBoundingClientRect();
  const left = Math.min(box.left, window.innerWidth - menu.offsetWidth - 8);
  const below = box.bottom + 2;
  const top = below + menu.offsetHeight > window.innerHeight ? box.top - menu.offsetHeight - 2 : below;
  menu.style.left = `${Math.max(4, left)}px`;
  menu.style.top = `${Math.max(4, top)}px`;
}
