import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findCommand, findNssWrapper } from '../requirement';

export type LoginShell = 'bash' | 'dash' | 'zsh' | 'tcsh' | 'csh' | 'fish' | 'busybox';

/** Who logs in at a rig, and what the person finds there. */
export interface AccountOptions {
  readonly user: string;
  readonly shell: LoginShell;
  /** Lines of the file that the shell reads even when nobody sits at it. dash and BusyBox read none. */
  readonly rc?: string | undefined;
  /** Programs on PATH; default: the machine's, for BusyBox only its own applets. */
  readonly path?: readonly string[] | undefined;
}

/** The password of every account. A rig takes it where its configuration allows passwords. */
export const password = 'open sesame';
const passwordHash =
  '$6$hsmrig$Tbq9WCHJZV8oS5UJkVcuLVcAd.si7q2bZGh.i3FintzhVPdwLINWmzUZnAFamlXmVSayOJlweknMQVact5jAy1';

/**
 * The environment that makes the C library believe in account files of ours, so that a login has a shell and a home
 * of the test's choice while the machine's users stay as they are.
 *
 * @see https://cwrap.org/nss_wrapper.html
 */
export function accountEnv(dir: string): NodeJS.ProcessEnv {
  return {
    LD_PRELOAD: findNssWrapper(),
    NSS_WRAPPER_PASSWD: join(dir, 'passwd'),
    NSS_WRAPPER_GROUP: join(dir, 'group'),
  };
}

/** Makes an account in `dir`: the files of {@link accountEnv}, and the home. Answers with the home and the PATH. */
export function makeAccount(dir: string, options: AccountOptions): { home: string; path: string } {
  const home = join(dir, 'home');
  mkdirSync(home, { recursive: true });
  writeAccountFiles(dir, options.user, home, makeShell(dir, options.shell));
  if (options.rc !== undefined) writeRc(join(home, rcFiles[options.shell]), options.rc);
  return { home, path: makePath(dir, options) };
}

/** The machine's accounts with one before them that has this process's numbers: the first entry wins. */
export function writeAccountFiles(dir: string, user: string, home: string, shell: string): void {
  const ids = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const line = `${user}:${passwordHash}:${ids}::${home}:${shell}\n`;
  writeFileSync(join(dir, 'passwd'), line + readFileSync('/etc/passwd', 'utf8'));
  writeFileSync(join(dir, 'group'), readFileSync('/etc/group'));
}

const rcFiles: Readonly<Record<LoginShell, string>> = {
  bash: '.bashrc',
  dash: '.profile',
  zsh: '.zshenv',
  tcsh: '.tcshrc',
  csh: '.cshrc',
  fish: '.config/fish/config.fish',
  busybox: '.profile',
};

function writeRc(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** BusyBox, and tcsh as csh, are what they are called: for them a link of that name. */
function makeShell(dir: string, shell: LoginShell): string {
  if (shell !== 'busybox' && shell !== 'csh') return findNeeded(shell);
  const link = join(dir, shell === 'csh' ? 'csh' : 'ash');
  symlinkSync(findNeeded(shell === 'csh' ? 'tcsh' : 'busybox'), link);
  return link;
}

function makePath(dir: string, { shell, path }: AccountOptions): string {
  if (path === undefined && shell !== 'busybox') return '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  for (const name of path ?? busyboxApplets()) {
    const program = path === undefined ? findNeeded('busybox') : findNeeded(name);
    symlinkSync(program, join(bin, name));
  }
  return bin;
}

function busyboxApplets(): string[] {
  return execFileSync(findNeeded('busybox'), ['--list'], { encoding: 'utf8' }).trim().split('\n');
}

function findNeeded(name: string): string {
  const found = findCommand(name);
  if (found === undefined) throw new Error(`${name} is not installed`);
  return found;
}
