// Loaded before opsflow when pictures are made: whoever makes them, the same name is on them.

import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'

const { userInfo } = os
os.userInfo = (options) => ({ ...userInfo(options), username: 'demo' })
syncBuiltinESMExports()
