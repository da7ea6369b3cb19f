import type { CheckoutPort } from './checkoutPort';
import type { Comparison } from './comparison';
import { planSync } from './plan';
import type { ProjectStateChecker } from './projectStateChecker';
import { ProjectSyncError } from './projectSyncError';
import type { SyncChoice, SyncConsent, SyncProgress, SyncReport } from './syncFacade';

/** Brings workspace and checkout in step, in either direction, by what a comparison showed. */
export class ProjectSyncManager {
  constructor(
    private readonly checkout: CheckoutPort,
    private readonly checker: ProjectStateChecker,
  ) {}

  /** Whether there is something to do that needs no decision of the user. */
  canOfferSync(comparison: Comparison): boolean {
    return comparison.offer !== undefined;
  }

  /** @throws ProjectSyncError when it is not safe and not confirmed, or something changed since the comparison */
  async syncFilesToRemote(comparison: Comparison, request: SyncRequest): Promise<SyncReport> {
    return this.sync('push', comparison, request);
  }

  /** @throws ProjectSyncError as {@link syncFilesToRemote} does */
  async reverseSyncFromRemote(comparison: Comparison, request: SyncRequest): Promise<SyncReport> {
    return this.sync('pull', comparison, request);
  }

  private async sync(
    direction: 'push' | 'pull',
    comparison: Comparison,
    { choice, consent, signal, tell }: SyncRequest,
  ): Promise<SyncReport> {
    const plan = planSync(direction, comparison, choice);
    if (plan.files.length === 0 && !plan.commits) {
      return { direction, commits: 0, written: [], deleted: [], comparison };
    }
    if (plan.needsWord.length > 0 && consent.confirmed !== true) {
      throw new ProjectSyncError('Nothing was transferred: this needs your word.', plan.needsWord);
    }
    const { written, deleted, backup } = await this.checkout.transfer(plan, signal, tell);
    tell({ text: 'Comparing again' });
    return {
      direction,
      commits: plan.commits ? (plan.commits.count ?? 1) : 0,
      written,
      deleted,
      comparison: await this.checker.verifyProjectSync(signal),
      ...(backup && { backup }),
    };
  }
}

export interface SyncRequest {
  readonly choice: SyncChoice;
  readonly consent: SyncConsent;
  readonly signal: AbortSignal;
  readonly tell: (progress: SyncProgress) => void;
}
