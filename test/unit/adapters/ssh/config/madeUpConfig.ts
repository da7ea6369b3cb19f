import type { ConfigEnvironment } from '../../../../../src/adapters/ssh/config/configEnvironment';

/** A machine with nothing but these files, by their paths; `~` is `/home/ada`. */
export function madeUpConfig(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): ConfigEnvironment {
  const contents = new Map(
    Object.entries(files).map(([path, text]) => [path.replace(/^~/, '/home/ada'), text]),
  );
  return {
    home: '/home/ada',
    userName: 'ada',
    hostName: 'laptop.example',
    uid: 1000,
    env,
    configFiles: [
      { path: '/home/ada/.ssh/config', isUsers: true },
      { path: '/etc/ssh/ssh_config', isUsers: false },
    ],
    readFile: ({ path }) => Promise.resolve(contents.get(path)),
    listDir: (path) =>
      Promise.resolve(
        [...contents.keys()]
          .filter((each) => each.startsWith(`${path}/`))
          .map((each) => each.slice(path.length + 1).split('/')[0] ?? ''),
      ),
  };
}
