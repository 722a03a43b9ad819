import type { Rule } from './rule.ts'
import { emptyValue } from './rules/empty-value.ts'
import { invisibleCharacter } from './rules/invisible-character.ts'
import { leadingZero } from './rules/leading-zero.ts'
import { unusedAnchor } from './rules/unused-anchor.ts'
import { yaml11Boolean } from './rules/yaml-1-1-boolean.ts'

/** Every rule, one line each, in the order they run. */
export const RULES: readonly Rule[] = [emptyValue, invisibleCharacter, leadingZero, unusedAnchor, yaml11Boolean]
