import type { HealthFinding, HealthReport } from '../compute/computeSource';

/** What a check found, each with how bad it is. */
export function findingsOf({ state, problems, findings }: HealthReport): readonly HealthFinding[] {
  if (findings) return findings;
  const severity = state === 'unhealthy' ? 'error' : 'warning';
  return problems.map((text) => ({ severity, text }));
}
