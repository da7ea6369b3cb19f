/** What a line of a tree shows, as plain data; `toTreeItem` makes VS Code's object of it. */
export interface ItemData {
  /** Unique in its view and stable. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  /** A codicon, with a theme colour where the colour repeats what the words say. */
  readonly icon?: IconData;
  /** Words that menus match, e.g. `task failed hasStderr`. */
  readonly contextValue: string;
  /** What a screen reader says. */
  readonly accessibleLabel: string;
  readonly children: 'none' | 'collapsed' | 'expanded';
  /** What a click does. */
  readonly command?: { readonly id: string; readonly args: readonly unknown[] };
}

export interface IconData {
  readonly id: string;
  readonly color?: string;
}

/** Words that apply, joined by spaces. */
export function words(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}

/** Facts that there are, joined by the separator that VS Code's own views use. */
export function facts(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(' · ');
}
