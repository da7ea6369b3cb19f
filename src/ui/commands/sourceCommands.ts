import * as vscode from 'vscode';
import { isSweepOver } from '../../core/engine/taskState';
import type { SourceSummary, SweepFacade } from '../../core/facade';
import type { CommandHandlers, SourceArgument } from './commandTable';
import { pickSource } from './pickers';
import { testAndTell } from './sourceTest';

/** Commands on compute sources. */
export function sourceCommands(
  facade: SweepFacade,
): Pick<CommandHandlers, 'hsm.source.test' | 'hsm.source.setSlots'> {
  const { l10n } = vscode;
  return {
    async 'hsm.source.test'(target) {
      const source = await pickSource(facade, nameOf(target), l10n.t('Test which compute source?'));
      if (source) await testAndTell(facade, source);
    },
    async 'hsm.source.setSlots'(target) {
      const source = await pickSource(
        facade,
        nameOf(target),
        l10n.t('Set the slots of which compute source?'),
      );
      if (source) await setSlots(facade, source);
    },
  };
}

function nameOf(target: SourceArgument | undefined): string | undefined {
  return target && 'name' in target ? target.name : undefined;
}

/** The number holds for the sweeps that run there now; the configuration is for those to come. */
async function setSlots(facade: SweepFacade, { name, slots }: SourceSummary): Promise<void> {
  const { l10n } = vscode;
  const sweeps = facade
    .sweeps()
    .filter(({ state, sources }) => !isSweepOver(state) && sources.includes(name));
  if (sweeps.length === 0) {
    await offerConfiguration(name);
    return;
  }
  const answer = await vscode.window.showInputBox({
    title: l10n.t('Tasks at one time on {0}', name),
    prompt: l10n.t('For the sweeps that run there now. Running tasks go on when the number is lowered.'),
    value: String(slots ?? ''),
    validateInput: (text) => (isSlots(text) ? undefined : l10n.t('Give a whole number from 1 on.')),
  });
  if (answer === undefined) return;
  for (const { id } of sweeps) await facade.setSlots(id, name, Number(answer));
}

function isSlots(text: string): boolean {
  return /^[1-9]\d{0,5}$/.test(text.trim());
}

async function offerConfiguration(name: string): Promise<void> {
  const { l10n } = vscode;
  const open = l10n.t('Open Configuration');
  const text = l10n.t(
    'No sweep runs on {0} now. Its slots for the next one are set in .hsm/config.yaml.',
    name,
  );
  if ((await vscode.window.showInformationMessage(text, open)) === open) {
    await vscode.commands.executeCommand('hsm.project.configure');
  }
}
