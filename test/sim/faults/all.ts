import { DISTURBED_FAULTS } from './disturbed.ts'
import type { Fault } from './fault.ts'
import { CONTROL_PLAN_FAULTS, PLAN_FAULTS } from './plans.ts'
import { CONTROL_PORT_FAULTS, PORT_FAULTS } from './ports.ts'

/** Every planted bug. Adding one: write it where it fits, say what it stands for, and the sweep must find it. */
export const FAULTS: readonly Fault[] = [
  ...PORT_FAULTS,
  ...PLAN_FAULTS,
  ...CONTROL_PORT_FAULTS,
  ...CONTROL_PLAN_FAULTS,
  ...DISTURBED_FAULTS,
]
