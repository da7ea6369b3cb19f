import type { Fields } from './yaml/fields';

/** Keys of the Python tool's sweep files that mean nothing here, with what to do instead. */
const UNSUPPORTED: Readonly<Record<string, string | undefined>> = {
  complete: 'To finish a sweep, rerun it or extend it with `hsm`.',
  resumable: 'Tasks are not cut into chunks; let the program resume from its own checkpoint.',
  cost_param: undefined,
  cost_map: undefined,
  combinations: 'List single combinations under `include`.',
};

const RESUMABLE_KEYS = [
  'enabled',
  'chunk_walltime',
  'signal_grace',
  'resume_arg',
  'done_sentinel',
  'checkpoint_subdir',
  'max_chunks',
  'max_consecutive_failures',
  'max_task_crashes',
];

/** Warns of the Python tool's keys by name, so that nobody waits for what they did there. */
export function reportUnsupported(fields: Fields): void {
  for (const [key, hint] of Object.entries(UNSUPPORTED)) {
    const entry = fields.entry(key);
    if (!entry) continue;
    const message = `\`${fields.pathOf(key)}\` of the Python HPC Sweep Manager is not supported here, so it is ignored.`;
    fields.problems.warning('unsupported-key', entry.keySpan, message, hint);
    if (key === 'resumable' && entry.value.kind === 'map') checkResumable(fields);
  }
}

/** Its keys are still checked: a misspelled one was ignored there too. */
function checkResumable(fields: Fields): void {
  const nested = fields.fields('resumable');
  for (const key of RESUMABLE_KEYS) nested?.entry(key);
  nested?.reportUnknown();
}
