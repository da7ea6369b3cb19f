import { foreignLine } from '../../core/analysis/foreignLine';

/**
 * Text that may hold words of another machine, for a message or an input box: VS Code makes links of `[…](command:…)`
 * there, which only we may write.
 */
export function harmlessText(text: string, maxLength?: number): string {
  return foreignLine(text, maxLength).replaceAll('](', '] (');
}
