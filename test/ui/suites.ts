/** What runs inside the extension host: a bundle's name, and the folder that its window opens a copy of. */
export interface Suite {
  readonly name: string;
  readonly workspace: string;
}

/** To add one: `test/ui/suite/<name>.entry.ts`, and a row here. */
export const suites: readonly Suite[] = [
  { name: 'project', workspace: 'examples/mlp' },
  { name: 'plain', workspace: 'test/fixtures/plain' },
];
