/**
 * Which version comes next: from the releases that are there, the changes since, and what the project's files say.
 * Pure; what cannot be released is an `ActionFailure` with a remedy.
 *
 * 1. Below 1.0.0 a break is a step of the minor number.
 * 2. A pre-release counts up to the version that its changes ask for: `1.1.0-rc.1`, `1.1.0-rc.2`, and then `1.1.0`.
 * 3. A branch named after a line of versions (`1.x`, `release/1.2`) gets versions of that line.
 */
import semver from 'semver'
import { ActionFailure } from '../action.ts'
import { bumpOf, type ReleaseCommit } from './commits.ts'
import type { Released } from './tags.ts'

export interface VersionQuestion {
  /** Highest first. */
  readonly releases: readonly Released[]
  /** What the project's own files say. */
  readonly written: string | undefined
  /** Whether a person wrote under [Unreleased] what is to be released. */
  readonly unreleased: boolean
  /** The version a person asked for; empty: compute it. */
  readonly asked: string
  /** `rc`, `beta`, …; empty: a full release. */
  readonly prerelease: string
  readonly branch: string
  /** The changes since a release, or since the beginning. */
  since(release: Released | undefined): Promise<readonly ReleaseCommit[]>
}

export interface VersionAnswer {
  readonly version: string
  /** The release that the changelog entry starts from. */
  readonly last: Released | undefined
  readonly commits: readonly ReleaseCommit[]
}

/** The last full release, and the last pre-release where it is above that. */
function lastOf(releases: readonly Released[]) {
  const [highest] = releases
  const stable = releases.find(({ version }) => semver.prerelease(version) === null)
  return { stable, early: highest === stable ? undefined : highest }
}

export async function chooseVersion(question: VersionQuestion): Promise<VersionAnswer> {
  const { releases, asked, prerelease, branch } = question
  const { stable, early } = lastOf(releases)
  if (asked !== '') {
    const version = checkAsked(asked, releases[0])
    const last = semver.prerelease(version) === null ? stable : (early ?? stable)
    return { version, last, commits: await question.since(last) }
  }
  const commits = await question.since(stable)
  if (prerelease === '') {
    const version = fullVersion(question, stable, early, commits)
    checkLine(branch, version, stable)
    return { version, last: stable, commits }
  }
  checkIdentifier(prerelease)
  const last = early ?? stable
  const fresh = early === undefined ? commits : await question.since(early)
  if (early !== undefined && bumpOf(fresh) === undefined && !question.unreleased) throw nothing(early, fresh)
  const version = earlyVersion(fullVersion(question, stable, early, commits), prerelease, early)
  checkLine(branch, version, stable)
  return { version, last, commits: fresh }
}

const core = (version: string): string => version.replace(/[-+].*$/, '')
const higher = (a: string, b: string | undefined): string => (b !== undefined && semver.gt(b, a) ? b : a)

function fullVersion(
  { written, unreleased }: VersionQuestion,
  stable: Released | undefined,
  early: Released | undefined,
  commits: readonly ReleaseCommit[],
): string {
  const said = written === undefined ? undefined : core(written)
  const promised = early === undefined ? undefined : core(early.version)
  if (stable === undefined) return promised ?? (said !== undefined && said !== '0.0.0' ? said : '0.1.0')
  const bump = bumpOf(commits) ?? (unreleased ? 'patch' : undefined)
  if (bump === undefined) {
    if (promised !== undefined) return promised
    throw nothing(stable, commits)
  }
  const next = semver.inc(stable.version, bump === 'major' && semver.major(stable.version) === 0 ? 'minor' : bump)!
  return higher(higher(next, said), promised)
}

function nothing(last: Released, commits: readonly ReleaseCommit[]): ActionFailure {
  const strange = commits.filter(({ type }) => type === undefined)
  const shown = strange.slice(0, 3).map(({ sha, subject }) => `\`${sha.slice(0, 10)} ${subject.slice(0, 60)}\``)
  const listed =
    strange.length === 0
      ? ''
      : `; ${strange.length === 1 ? 'one follows' : `${strange.length} follow`} no convention: ${shown.join(', ')}${strange.length > 3 ? ', …' : ''}`
  return new ActionFailure(
    'nothing-to-release',
    commits.length === 0
      ? `nothing was committed since \`${last.tag}\``
      : `none of the ${commits.length} commits since \`${last.tag}\` is a feature, a fix or a breaking change${listed}`,
    'name the version yourself: --input version=X.Y.Z',
  )
}

function earlyVersion(target: string, identifier: string, early: Released | undefined): string {
  const first = `${target}-${identifier}.1`
  if (early === undefined || core(early.version) !== target) return first
  const parts = semver.prerelease(early.version) ?? []
  if (parts[0] === identifier) return semver.inc(early.version, 'prerelease', identifier, '1')!
  if (semver.gt(first, early.version)) return first
  throw new ActionFailure(
    'version',
    `\`${first}\` would stand below \`${early.tag}\`, which is there already`,
    `go on with \`--input prerelease=${parts[0]}\`, or name another identifier`,
  )
}

function checkIdentifier(identifier: string): void {
  if (!/^(?=.*[A-Za-z-])[0-9A-Za-z-]+$/.test(identifier))
    throw new ActionFailure(
      'version',
      `\`${identifier}\` cannot name a pre-release: letters, digits and dashes, with a letter among them`,
      'name it like `rc` or `beta`: --input prerelease=rc',
    )
}

function checkAsked(asked: string, last: Released | undefined): string {
  const version = semver.valid(asked)
  if (version === null) throw new ActionFailure('version', `\`${asked}\` is no semantic version`, 'write it as X.Y.Z')
  if (last && !semver.gt(version, last.version))
    throw new ActionFailure('version', `\`${version}\` is not above the last release, \`${last.version}\``)
  return version
}

/** The line of versions that a branch is named after: `1.x`, `1.2.x`, `v1`, `release/1.2`, `maint-1.2`. */
function lineOf(branch: string): string | undefined {
  const [, major, minor, x] = /(?:^|[/-])v?(\d+)(?:\.(\d+))?(\.x)?$/.exec(branch) ?? []
  if (major === undefined) return undefined
  // A bare number may be that of a ticket: it counts where its prefix says what it is.
  const isSaid = x !== undefined || /(?:^|\/)(?:v\d|releases?[/-]|maint(?:enance)?[/-]|stable[/-])/.test(branch)
  if (!isSaid) return undefined
  return minor === undefined ? `${major}.x` : `${major}.${minor}.x`
}

function checkLine(branch: string, version: string, stable: Released | undefined): void {
  const line = lineOf(branch)
  if (line === undefined || semver.satisfies(core(version), line)) return
  throw new ActionFailure(
    'wrong-line',
    `\`${branch}\` gets versions ${line}, and ${stable ? `the commits since \`${stable.tag}\` ask for` : 'the first one would be'} \`${version}\``,
    'release them from another branch, or name the version yourself: --input version=X.Y.Z',
  )
}
