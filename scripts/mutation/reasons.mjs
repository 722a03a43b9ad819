// Why a mutant that survived is no gap of the tests: it does the same, or differs only where nobody can get. The first
// reason that fits is taken. What none fits is a gap, and is listed as one.

/** Texts of errors for what cannot be: an arrival of a kind that its token never has, a pipeline that the plan has not. */
const CANNOT_BE = /throw new Error\(|return unreachable\(|if \(!made\.ok\) throw|=== undefined\) throw/

/** @type {readonly (readonly [string, (mutant: { file: string, line: string, mutator: string, original: string, replacement: string }) => boolean])[]} */
const REASONS = [
  [
    'It changes what is said or done where the code has found a fault of its own: no plan and no record leads there.',
    ({ line, mutator }) => CANNOT_BE.test(line) || (mutator === 'ConditionalExpression' && /^default:/.test(line)),
  ],
  [
    'The question mark is for the type checker: at this place the value is always there.',
    ({ mutator }) => mutator === 'OptionalChaining',
  ],
  [
    'A value for a case that the types leave open and no run has: what stands before `??` is always there.',
    ({ mutator, original, replacement, line }) =>
      (line.includes(`?? ${original}`) && ['StringLiteral', 'ArrayDeclaration', 'ObjectLiteral'].includes(mutator)) ||
      (mutator === 'LogicalOperator' && original.includes('??') && replacement.includes('&&')),
  ],
  [
    'A name that only has to be another one than the rest: which text it is does not matter.',
    ({ mutator, line, replacement }) =>
      mutator === 'StringLiteral' &&
      replacement === '""' &&
      (/\.(phase|state|status|kind) = '/.test(line) || /^return '(met|ok)'/.test(line) || /Token = `/.test(line)),
  ],
  [
    'A short way round: without it the long way comes to the same.',
    ({ mutator, line, replacement }) =>
      mutator === 'ConditionalExpression' &&
      replacement === 'false' &&
      /^if \(.*\) (return|continue)\b/.test(line) &&
      /length === 0|size === 0|=== undefined\) (return|continue)/.test(line),
  ],
]

/** The reason for a survivor, if there is one. */
export function reasonFor(mutant) {
  return REASONS.find(([, fits]) => fits(mutant))?.[0]
}
