import type { ConfigNode, ConfigRoot } from './configTree';
import { fitsPatterns } from './pattern';

/** A setting that applies, with where it comes from. */
export interface Setting {
  readonly words: readonly string[];
  /** It is the user's own, and written for certain hosts, not for all. */
  readonly isExplicit: boolean;
}

/** What a configuration is evaluated for. */
export interface Subject {
  /** The name that was asked for. */
  readonly alias: string;
  /** Given with the name, as in `ada@gpubox`: stronger than the configuration. */
  readonly user?: string;
  readonly port?: string;
  /** Name of the user on this machine. */
  readonly localUser: string;
}

/** Settings that add up instead of being decided by the first. */
const REPEATABLE = new Set(['identityfile', 'certificatefile']);

/**
 * Evaluates a configuration for one host: the first value of a setting counts. Commands of `Match exec` are not run:
 * a block that depends on one, or on something else that is not known here, does not apply and is told.
 */
export class Settings {
  private readonly values = new Map<string, Setting[]>();
  private readonly undecided = new Set<string>();
  private wantsFinalPass = false;
  private isFinalPass = false;

  constructor(
    roots: readonly ConfigRoot[],
    private readonly subject: Subject,
  ) {
    if (subject.user !== undefined) this.apply('user', [subject.user], true);
    if (subject.port !== undefined) this.apply('port', [subject.port], true);
    this.pass(roots);
    if (!this.wantsFinalPass) return;
    this.isFinalPass = true;
    this.pass(roots);
  }

  first(name: string): Setting | undefined {
    return this.values.get(name)?.[0];
  }

  /** The setting as one text. */
  text(name: string): string | undefined {
    return this.first(name)?.words.join(' ');
  }

  isYes(name: string): boolean {
    return /^(yes|true)$/i.test(this.text(name) ?? '');
  }

  isNo(name: string): boolean {
    return /^(no|false)$/i.test(this.text(name) ?? '');
  }

  /** Every value of a setting that may be repeated. */
  all(name: string): string[] {
    return (this.values.get(name) ?? []).map((each) => each.words.join(' '));
  }

  /** Conditions that could not be decided, as they are written, e.g. `exec test -d /vpn`. */
  undecidedConditions(): string[] {
    return [...this.undecided];
  }

  private pass(roots: readonly ConfigRoot[]): void {
    for (const root of roots) this.visit(root.nodes, root.isUsers, false);
  }

  private visit(nodes: readonly ConfigNode[], isUsers: boolean, isNarrow: boolean): void {
    for (const node of nodes) {
      if (node.kind === 'setting') this.apply(node.name, node.words, isUsers && isNarrow);
      else if (node.kind === 'file') this.visit(node.nodes, isUsers, isNarrow);
      else if (node.kind === 'host') {
        const isForAll = node.words.every((word) => word === '*');
        if (fitsPatterns(node.words, this.nameForHost())) this.visit(node.nodes, isUsers, !isForAll);
      } else this.visitMatch(node.words, node.nodes, isUsers);
    }
  }

  private visitMatch(words: readonly string[], nodes: readonly ConfigNode[], isUsers: boolean): void {
    const verdict = this.judge(words);
    if (verdict === 'applies') this.visit(nodes, isUsers, words[0]?.toLowerCase() !== 'all');
    else if (verdict !== 'fails' && nodes.length > 0) this.undecided.add(verdict.undecided);
  }

  private judge(words: readonly string[]): 'applies' | 'fails' | { undecided: string } {
    let undecided: string | undefined;
    for (let index = 0; index < words.length; index++) {
      const word = words[index] ?? '';
      const isNegated = word.startsWith('!');
      const keyword = word.replace(/^!/, '').toLowerCase();
      const argument = WITHOUT_ARGUMENT.has(keyword) ? '' : (words[++index] ?? '');
      const holds = this.holds(keyword, argument);
      if (holds === undefined) undecided ??= `${keyword} ${argument}`;
      else if (holds === isNegated) return 'fails';
    }
    return undecided === undefined ? 'applies' : { undecided };
  }

  /** Undefined: not known here. */
  private holds(keyword: string, argument: string): boolean | undefined {
    const patterns = argument.split(',');
    switch (keyword) {
      case 'all':
        return true;
      case 'final':
        this.wantsFinalPass = true;
        return this.isFinalPass;
      // Names are never completed by DNS here: see CanonicalizeHostname in resolveTarget.
      case 'canonical':
        return false;
      case 'host':
        return fitsPatterns(patterns, this.hostName());
      case 'originalhost':
        return fitsPatterns(patterns, this.subject.alias);
      case 'user':
        return fitsPatterns(patterns, this.text('user') ?? this.subject.localUser);
      case 'localuser':
        return fitsPatterns(patterns, this.subject.localUser);
      default:
        return undefined;
    }
  }

  private nameForHost(): string {
    return this.isFinalPass ? this.hostName() : this.subject.alias;
  }

  /** As far as it is decided. */
  private hostName(): string {
    return (this.text('hostname') ?? this.subject.alias).replaceAll('%h', this.subject.alias);
  }

  private apply(name: string, words: readonly string[], isExplicit: boolean): void {
    const present = this.values.get(name);
    const setting = { words, isExplicit };
    if (!present) {
      if (!this.isShadowed(name)) this.values.set(name, [setting]);
    } else if (REPEATABLE.has(name) && !this.isFinalPass) present.push(setting);
  }

  /** Of ProxyJump and ProxyCommand the first one written rules out the other. */
  private isShadowed(name: string): boolean {
    const rival = RIVALS[name];
    return rival !== undefined && this.values.has(rival);
  }
}

const WITHOUT_ARGUMENT = new Set(['all', 'final', 'canonical']);

const RIVALS: Readonly<Record<string, string>> = { proxyjump: 'proxycommand', proxycommand: 'proxyjump' };
