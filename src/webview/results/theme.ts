import { shades } from './model/colours';

/** Colours of the editor, for what is drawn by hand. */
export interface Theme {
  readonly text: string;
  readonly faint: string;
  readonly grid: string;
  readonly background: string;
  readonly selection: string;
  /** Of lines without a value of the objective. */
  readonly plain: string;
  /** Of lines that are brushed out. */
  readonly dimmed: string;
  readonly shades: readonly string[];
  /** Of few things that must be told apart. */
  readonly distinct: readonly string[];
  readonly font: string;
  readonly isHighContrast: boolean;
}

const DISTINCT = ['#3794ff', '#d18616', '#388a34', '#b180d7', '#f14c4c', '#cca700'];

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const { classList } = document.body;
  const isDark =
    classList.contains('vscode-dark') ||
    (classList.contains('vscode-high-contrast') && !classList.contains('vscode-high-contrast-light'));
  const isHighContrast =
    classList.contains('vscode-high-contrast') || classList.contains('vscode-high-contrast-light');
  const colour = (name: string, otherwise: string): string =>
    style.getPropertyValue(name).trim() || otherwise;
  const text = colour('--vscode-foreground', isDark ? '#ccc' : '#333');
  return {
    text,
    faint: isHighContrast ? text : colour('--vscode-descriptionForeground', '#888'),
    grid: isHighContrast ? colour('--vscode-contrastBorder', text) : isDark ? '#ffffff1c' : '#0000001a',
    background: colour('--vscode-editor-background', isDark ? '#1e1e1e' : '#fff'),
    selection: colour('--vscode-charts-orange', '#d18616'),
    plain: isDark ? '#8a8a8a' : '#9a9a9a',
    dimmed: isDark ? '#80808026' : '#80808026',
    shades: shades(isDark, isHighContrast),
    distinct: ['blue', 'orange', 'green', 'purple', 'red', 'yellow'].map((name, index) =>
      colour(`--vscode-charts-${name}`, DISTINCT[index] ?? text),
    ),
    font: colour('--vscode-font-family', 'sans-serif'),
    isHighContrast,
  };
}

/** Calls back when the user takes another theme. */
export function onThemeChange(callback: () => void): void {
  new MutationObserver(callback).observe(document.body, { attributes: true, attributeFilter: ['class'] });
}
