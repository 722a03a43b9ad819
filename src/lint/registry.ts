import type { Rule } from './rule.ts'
import { argumentDash } from './rules/argument-dash.ts'
import { constantCondition } from './rules/constant-condition.ts'
import { emptyValue } from './rules/empty-value.ts'
import { endlessWait } from './rules/endless-wait.ts'
import { gateAlwaysTrue } from './rules/gate-always-true.ts'
import { hardcodedSecret } from './rules/hardcoded-secret.ts'
import { invisibleCharacter } from './rules/invisible-character.ts'
import { leadingZero } from './rules/leading-zero.ts'
import { missingTimeout } from './rules/missing-timeout.ts'
import { redundantNeed } from './rules/redundant-need.ts'
import { retryNotIdempotent } from './rules/retry-not-idempotent.ts'
import { unusedAnchor } from './rules/unused-anchor.ts'
import { unusedVar } from './rules/unused-var.ts'
import { yaml11Boolean } from './rules/yaml-1-1-boolean.ts'

/** Every rule, one line each, in the order they run. */
export const RULES: readonly Rule[] = [
  emptyValue,
  invisibleCharacter,
  leadingZero,
  unusedAnchor,
  yaml11Boolean,
  argumentDash,
  constantCondition,
  endlessWait,
  gateAlwaysTrue,
  hardcodedSecret,
  missingTimeout,
  redundantNeed,
  retryNotIdempotent,
  unusedVar,
]
