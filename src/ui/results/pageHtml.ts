/** What the page is made of. */
export interface PageParts {
  /** Addresses as the page may load them. */
  readonly script: string;
  readonly style: string;
  /** What VS Code calls its own origin, for the content security policy. */
  readonly cspSource: string;
  /** Random for every page. */
  readonly nonce: string;
  readonly title: string;
  readonly sweepId: string;
  readonly language: string;
  /** Texts in that language by the English ones; undefined where there are none. */
  readonly bundle: Readonly<Record<string, string>> | undefined;
}

/**
 * The document of the results page. It may run its one script and use its one style sheet, and nothing else: no network,
 * no pictures, no markup from data, no `eval`.
 */
export function pageHtml({
  script,
  style,
  cspSource,
  nonce,
  title,
  sweepId,
  language,
  bundle,
}: PageParts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${cspSource}; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${escapeHtml(title)}</title>
    <link rel="stylesheet" href="${escapeHtml(style)}" />
  </head>
  <body data-sweep="${escapeHtml(sweepId)}" data-l10n="${escapeHtml(JSON.stringify(bundle ?? {}))}">
    <script nonce="${escapeHtml(nonce)}" src="${escapeHtml(script)}"></script>
  </body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
