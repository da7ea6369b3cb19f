/** What stands in a file. */
export interface FileSum {
  readonly size: number;
  /** Hexadecimal digits. */
  readonly sha256: string;
}
