/** Looks at what tasks wrote, wherever their directories are. Paths are absolute there, parts joined by `/`. */
export interface ResultFiles {
  /** What a directory holds, in any order; links are told as files. Empty when there is no such directory. */
  entries(dir: string): Promise<readonly DirectoryEntry[]>;
  /** Undefined when there is no such file. */
  stat(path: string): Promise<FileStamp | undefined>;
  /** At most `maxBytes` from an offset on; fewer at the end of the file. Undefined when there is no such file. */
  readBytes(path: string, offset: number, maxBytes: number): Promise<Uint8Array | undefined>;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

/** Tells whether a file changed. */
export interface FileStamp {
  readonly size: number;
  readonly modifiedMs: number;
}
