/**
 * A forge: where a repository lives on the web, with releases, pull requests and checks.
 * F1 Every call answers with what is there or with a `ForgeFailure`; none throws, none waits for ever.
 * F2 What is there already is not made again: a call that is repeated, also after a crash in its middle, makes nothing twice.
 * F3 The token goes to the forge's own address and nowhere else: not into an answer, a message or a log.
 */
export interface Forge {
  /** The release of a tag that the forge has; made where there is none. */
  release(wanted: WantedRelease): Promise<ForgeAnswer<Made>>
  /** The open pull request from one branch into another; opened where there is none. */
  pullRequest(wanted: WantedPullRequest): Promise<ForgeAnswer<Made & { readonly number: number }>>
  /** What was checked of a commit, branch or tag, and how that went. */
  checks(ref: string): Promise<ForgeAnswer<readonly ForgeCheck[]>>
}

interface WantedRelease {
  readonly tag: string
  readonly title: string
  /** Markdown. */
  readonly notes: string
  readonly prerelease: boolean
}

interface WantedPullRequest {
  readonly from: string
  readonly into: string
  readonly title: string
  /** Markdown. */
  readonly body: string
  readonly draft: boolean
}

interface Made {
  /** Its page. */
  readonly url: string
  /** False where it was there before. */
  readonly created: boolean
}

export interface ForgeCheck {
  readonly name: string
  readonly state: 'passed' | 'failed' | 'pending'
}

export type ForgeAnswer<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & ForgeFailure)

export interface ForgeFailure {
  /**
   * `forge-token`: it is not taken. `forge-rights`: it may not do this. `forge-missing`: no such repository, tag or branch
   * for it. `forge-limit`: too many requests. `forge-refused`: the request makes no sense there. `forge-down`: the forge is
   * broken or cannot be reached. `forge-timeout`: no answer in time. `forge-answer`: an answer that no forge gives.
   */
  readonly reason:
    | 'forge-token'
    | 'forge-rights'
    | 'forge-missing'
    | 'forge-limit'
    | 'forge-refused'
    | 'forge-down'
    | 'forge-timeout'
    | 'forge-answer'
  readonly message: string
  /** What to do. */
  readonly hint: string
  /** How long the forge asks to wait. */
  readonly retryAfterMs?: number
}
