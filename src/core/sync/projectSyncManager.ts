import { errorText } from '../base/errors';
import type { CheckoutPort } from './checkoutPort';
import type { Comparison } from './comparison';
import { notAgreed } from './consent';
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

  /** @throws ProjectSyncError when it is not safe and not agreed to, or something changed since the comparison */
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
    const { source } = comparison;
    const plan = planSync(direction, comparison, choice);
    if (plan.files.length === 0 && !plan.commits) {
      return { source, direction, commits: 0, written: [], deleted: [], comparison };
    }
    const untold = notAgreed(plan.needsWord, consent.agreed ?? []);
    if (untold.length > 0)
      throw new ProjectSyncError('Nothing was transferred: this needs your word.', untold);
    const { written, deleted, backup } = await this.checkout.transfer(plan, signal, tell);
    tell({ text: 'Comparing again' });
    return {
      source,
      direction,
      commits: plan.commits ? (plan.commits.count ?? 1) : 0,
      written,
      deleted,
      ...(await compareAfter(this.checker, signal)),
      ...(backup && { backup }),
    };
  }
}

/** How things stand after something was changed, or why that is not known. */
export type LookedAgain = Pick<SyncReport, 'comparison' | 'notCompared'>;

/** Looks again after a change. What was changed stays changed, whatever becomes of this look, so it does not reject. */
export async function compareAfter(checker: ProjectStateChecker, signal: AbortSignal): Promise<LookedAgain> {
  try {
    return { comparison: await checker.verifyProjectSync(signal) };
  } catch (error) {
    return signal.aborted ? {} : { notCompared: errorText(error) };
  }
}

export interface SyncRequest {
  readonly choice: SyncChoice;
  readonly consent: SyncConsent;
  readonly signal: AbortSignal;
  readonly tell: (progress: SyncProgress) => void;
}
