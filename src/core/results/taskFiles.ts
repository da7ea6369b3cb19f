/** Reads files that tasks wrote, wherever their directories are. Paths are absolute there. */
export interface TaskFiles {
  /**
   * The end of a text file. Where the file is longer, the first line may be cut; bytes that are not UTF-8 become
   * U+FFFD. Undefined when there is no such file.
   */
  readTail(path: string, maxBytes: number): Promise<string | undefined>;
  /** The beginning of a text file, up to `maxBytes`. Undefined when there is no such file. */
  readText(path: string, maxBytes: number): Promise<string | undefined>;
  /** Names of the files in a directory, in any order. Empty when there is no such directory. */
  list(dir: string): Promise<readonly string[]>;
}
