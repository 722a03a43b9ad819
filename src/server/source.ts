import type {
  Act,
  CoordinatorPicture,
  FilePicture,
  FileRow,
  LogInfo,
  ProjectInfo,
  ReportAsked,
  ReportForm,
  RunChange,
  RunFilter,
  RunList,
  Told,
} from './api.ts'

/**
 * Where the server has everything from: the store and the files of one project, read as the commands read them. The
 * server itself opens nothing. What is not there is thrown as `NotThere`.
 */
export interface Source {
  project(): ProjectInfo
  runs(filter: RunFilter): RunList
  /** First everything, then each change, until the signal says stop. */
  follow(run: string, signal: AbortSignal): AsyncIterable<RunChange>
  /** The logs of a step and of its checks and repairs. */
  logs(run: string, path: string): readonly LogInfo[]
  /** At most so many bytes of one log; `from` below zero counts from its end. */
  readLog(run: string, log: Omit<LogInfo, 'bytes'> & { readonly from: number }): LogPiece
  act(act: Act): Promise<Told>
  report(asked: ReportAsked, form: ReportForm): Promise<string>
  files(): Promise<readonly FileRow[]>
  file(path: string): Promise<FilePicture>
  signals(): Promise<readonly CoordinatorPicture[]>
}

export interface LogPiece {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly from: number
  /** Of the whole log. */
  readonly size: number
}

/** A run, log or file that the address names, and that is not there. */
export class NotThere extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotThere'
  }
}
