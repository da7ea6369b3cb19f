import type { CheckoutPort, SidesSeen } from './checkoutPort';
import { compareSides, type BothSides } from './compareSides';
import type { Comparison } from './comparison';
import { nextSynced } from './nextSynced';

/** Tells how the workspace and one checkout stand to each other. Files, index and refs of both sides stay as they are. */
export class ProjectStateChecker {
  constructor(
    private readonly source: string,
    private readonly checkout: CheckoutPort,
  ) {}

  /**
   * Looks at both sides and decides about every file. What is found equal is remembered: it is the common past of later
   * comparisons. A transfer that broke off is brought to its end first, and told among the warnings.
   *
   * @throws HsmError `host.unreachable`, `host.refused`, `input.invalid`
   */
  async verifyProjectSync(signal: AbortSignal): Promise<Comparison> {
    const { seen, recovered } = await this.lookAtWhole(signal);
    const synced = await this.checkout.readSynced();
    const both: BothSides = {
      ...seen,
      source: this.source,
      synced,
      warnings: [...recovered, ...seen.warnings],
    };
    const next = nextSynced(both);
    if (next) await this.checkout.writeSynced(next);
    return compareSides(both);
  }

  private async lookAtWhole(signal: AbortSignal): Promise<{ seen: SidesSeen; recovered: readonly string[] }> {
    const seen = await this.checkout.look(signal);
    if (!seen.isInterrupted) return { seen, recovered: [] };
    const recovered = await this.checkout.recover(signal);
    return { seen: await this.checkout.look(signal), recovered };
  }
}
