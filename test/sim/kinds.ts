/**
 * What can happen to a run in flight in the simulated world, counted each time that it really does: where nothing ran
 * that could be slow, where the arrival was not lost, or where nobody lived to be cancelled, nothing is counted.
 */
export const FAULT_KINDS = {
  'crash before-commit': 'its owner dies before a commit is written',
  'crash torn': 'its owner dies in the middle of writing a commit, which is cut off',
  'crash after-commit': 'its owner dies after a commit, before what follows from it',
  'crash effects': 'its owner dies after the first effect of a turn',
  'crash idle': 'its owner dies while it waits',
  'write refused': 'a commit fails for good, and its owner gives up',
  'write unsure': 'a commit is said to have failed, and is there',
  'write busy': 'a commit fails, and works when it is tried again',
  'full disk': 'a commit finds no space, and waits for it',
  'slow step': 'what works is held up',
  'hung step': 'what works never ends by itself, and is ended by its limit',
  'arrival lost': 'what had arrived dies with its owner, unrecorded',
  'notice lost': 'nobody tells that something came; it is seen at the next look',
  'arrival doubled': 'what arrived arrives again',
  'supervisor lost': 'the supervisor dies with all that it had started',
  'clock jump': 'the wall clock jumps forward or back',
  cancel: 'somebody cancels',
  'hard cancel': 'somebody cancels, and nothing may take its time',
  'hang-up': 'the terminal goes away',
  'decision unasked': 'somebody decides what nobody asked, or what was decided',
  'decision asked': 'somebody decides what is asked, in time or late, allowed or not',
  'bypass over': 'the time of a bypass is over while its run goes on',
  'signal unasked': 'a signal comes that nobody waits for',
  'signal asked': 'a signal comes while somebody waits for one',
  'opened by two': 'two open a run at once that parked or whose owner died',
  'revived owner refused': 'an owner that was replaced wakes up, and may write nothing',
  park: 'the run parks, and is opened again',
  reopen: 'a run that ended is opened again by intent',
  replan: 'it goes on by another plan',
} as const

export type FaultKind = keyof typeof FAULT_KINDS
