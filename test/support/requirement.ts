import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Something that tests need from the machine and npm does not bring. */
export interface Requirement {
  readonly what: string;
  readonly debianPackages: readonly string[];
  /** Found out anew at every call: it may have been installed meanwhile. */
  readonly isPresent: () => boolean;
}

/** The full path of a program on PATH. */
export function findCommand(...names: readonly string[]): string | undefined {
  const dirs = (process.env['PATH'] ?? '').split(delimiter);
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const candidates = names.flatMap((name) =>
    dirs.flatMap((dir) => endings.map((ending) => join(dir, name + ending))),
  );
  return candidates.find(isExecutable);
}

export const chromium: Requirement = {
  what: 'Chromium',
  debianPackages: ['chromium', 'fonts-dejavu-core'],
  isPresent: () => findChromium() !== undefined,
};

/** Ubuntu's `chromium` is a snap that may not see /tmp, hence Chrome before it. */
export function findChromium(): string | undefined {
  return (
    process.env['CHROMIUM_PATH'] ??
    findCommand('google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser') ??
    [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    ].find(isExecutable)
  );
}

/** Python 3 that can make virtual environments: Debian's plain `python3` lacks ensurepip. */
export const pythonVenv: Requirement = {
  what: 'Python 3 with venv',
  debianPackages: ['python3', 'python3-venv'],
  isPresent: () => spawnSync('python3', ['-c', 'import ensurepip, venv']).status === 0,
};

/** What notebooks of sweeps need. */
export const pandas: Requirement = {
  what: 'Python 3 with pandas',
  debianPackages: ['python3-pandas'],
  isPresent: () => findPandasPython() !== undefined,
};

/** A Python that has pandas: the system's may stand behind another one on PATH. */
export function findPandasPython(): string | undefined {
  const has = (python: string): boolean => spawnSync(python, ['-c', 'import pandas']).status === 0;
  return ['python3', '/usr/bin/python3'].find(has);
}

/** Makes a program believe another time. */
export const faketime: Requirement = {
  what: 'libfaketime',
  debianPackages: ['faketime'],
  isPresent: () => findFaketime() !== undefined,
};

export function findFaketime(): string | undefined {
  return findLibrary('faketime/libfaketime.so.1');
}

function findLibrary(path: string): string | undefined {
  // In the directory of the machine's kind, e.g. x86_64-linux-gnu.
  const kinds = existsSync('/usr/lib') ? readdirSync('/usr/lib') : [];
  return kinds.map((kind) => `/usr/lib/${kind}/${path}`).find((file) => existsSync(file));
}

/** Logins at a private sshd with accounts of the test's own. */
export const opensshServer: Requirement = {
  what: 'OpenSSH with a server, and nss_wrapper',
  debianPackages: ['openssh-server', 'openssh-client', 'libnss-wrapper'],
  isPresent: () =>
    existsSync('/usr/sbin/sshd') && findCommand('ssh') !== undefined && findNssWrapper() !== undefined,
};

/** Makes a program believe in other accounts. */
export function findNssWrapper(): string | undefined {
  return findLibrary('libnss_wrapper.so');
}

export const rsync: Requirement = {
  what: 'rsync',
  debianPackages: ['rsync'],
  isPresent: () => findCommand('rsync') !== undefined,
};

/** Login shells that are not of the Bourne family, and what small systems have. */
export const loginShells: Requirement = {
  what: 'tcsh, fish, zsh and BusyBox',
  debianPackages: ['tcsh', 'fish', 'zsh', 'busybox'],
  isPresent: () => ['tcsh', 'fish', 'zsh', 'busybox'].every((name) => findCommand(name) !== undefined),
};

export const bsdtar: Requirement = {
  what: 'bsdtar',
  debianPackages: ['libarchive-tools'],
  isPresent: () => findCommand('bsdtar') !== undefined,
};

/** Takes network interfaces up and down. */
export const iproute: Requirement = {
  what: 'ip',
  debianPackages: ['iproute2'],
  isPresent: () => findCommand('ip') !== undefined,
};

/** A file system that takes names for one that differ only by case. */
export const exfat: Requirement = {
  what: 'exFAT in FUSE',
  debianPackages: ['exfat-fuse', 'exfatprogs'],
  isPresent: () => findCommand('mount.exfat-fuse') !== undefined && findCommand('mkfs.exfat') !== undefined,
};

export const git: Requirement = {
  what: 'git',
  debianPackages: ['git'],
  isPresent: () => findCommand('git') !== undefined,
};

/** Programs that fail in compiled code, and what compilers say, are made with them. */
export const compilers: Requirement = {
  what: 'gcc and g++',
  debianPackages: ['g++'],
  isPresent: () => findCommand('gcc') !== undefined && findCommand('g++') !== undefined,
};

export const openssl: Requirement = {
  what: 'openssl',
  debianPackages: ['openssl'],
  isPresent: () => findCommand('openssl') !== undefined,
};

/** How a person gets it. */
export function howToInstall(requirements: readonly Requirement[]): string {
  const packages = requirements.flatMap((requirement) => requirement.debianPackages).join(' ');
  return existsSync('/etc/debian_version')
    ? `sudo apt-get install ${packages}`
    : `install ${requirements.map((requirement) => requirement.what).join(', ')}`;
}

/** Installs what is missing where that needs no question (root on Debian), and returns what is missing still. */
export async function provide(requirements: readonly Requirement[]): Promise<Requirement[]> {
  const missing = () => requirements.filter((requirement) => !requirement.isPresent());
  if (missing().length > 0 && mayInstall()) {
    await aptGet('update', '-qq');
    const packages = missing().flatMap((each) => each.debianPackages);
    await aptGet('install', '-y', '--no-install-recommends', ...packages);
  }
  return missing();
}

/** Skips a test or suite that cannot run here; in CI that is a failure instead. */
export function skipUnless(context: Mocha.Context, requirement: Requirement): void {
  if (requirement.isPresent()) return;
  const reason = `${requirement.what} is missing: ${howToInstall([requirement])}`;
  if (process.env['CI']) throw new Error(reason);
  console.log(`    skipped: ${reason}`);
  context.skip();
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

async function aptGet(...args: readonly string[]): Promise<void> {
  console.log(`apt-get ${args.join(' ')}`);
  // Another apt may be at work on a machine that was just started.
  const apt = spawn('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  await once(apt, 'exit');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
