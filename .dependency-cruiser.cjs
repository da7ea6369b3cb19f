const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const io =
  '^(node:)?(fs|child_process|net|tls|http|https|http2|dgram|dns|os|worker_threads|cluster|readline|tty)(/|$)';
const vscode = '^vscode$|node_modules/@types/vscode';

// The layers of src/README.md. Type-only imports count too.
module.exports = {
  forbidden: [
    rule(
      'no-cycles',
      'Two modules that need each other are one module, or miss a third.',
      {},
      { circular: true },
    ),
    rule(
      'core-depends-on-nothing',
      'The engine is pure: the outside world comes in through ports.',
      { path: '^src/core' },
      {
        path: `^src/(adapters|ui|cli|webview|extension|cli\\.ts)|${vscode}|${io}|node_modules/(ssh2|simple-git|commander)`,
      },
    ),
    rule(
      'adapters-know-no-ui',
      'Adapters serve the engine.',
      { path: '^src/adapters' },
      { path: `^src/(ui|cli|webview)|${vscode}` },
    ),
    rule(
      'adapters-are-strangers',
      'Shared are only the hosts, what carries files between them, git, and the direct launcher, which runs on any host.',
      { path: '^src/adapters/([^/]+)/' },
      { path: '^src/adapters', pathNot: '^src/adapters/($1|host|clock|transfer|git|direct)/' },
    ),
    rule(
      'ui-uses-only-core',
      'The editor sees the facade, never an adapter.',
      { path: '^src/ui' },
      { path: `^src/(adapters|cli|webview)|${io}` },
    ),
    rule(
      'cli-knows-no-editor',
      'The command line runs without VS Code.',
      { path: '^src/cli' },
      { path: `^src/(ui|webview)|${vscode}` },
    ),
    rule(
      'webview-is-a-browser',
      'Page code has no host API.',
      { path: '^src/webview' },
      { path: `^src/(adapters|ui|cli)|${vscode}` },
    ),
    rule(
      'webview-has-no-node',
      'Page code has no node.',
      { path: '^src/webview' },
      { dependencyTypes: ['core'] },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
