import type { Explanation } from './explanation.ts'

/** Files that cannot be had. */
export const FILE_EXPLANATIONS: { readonly [code: string]: Explanation } = {
  'file/missing': {
    what: 'A path or pattern that was named leads to no file.',
    mend: 'Look for a typo. Relative paths start from the folder where the command runs.',
  },
  'file/directory': {
    what: 'A file was wanted and the path is a directory.',
    mend: 'Name a file in it. `opsflow lint` takes directories too, and reads the YAML files below.',
  },
  'file/permission': {
    what: 'The operating system does not let this user read the file.',
    mend: 'Give read permission on the file and the permission to enter its folders.',
  },
  'file/unreadable': {
    what: 'The operating system cannot read the file, or it is no regular file but a device or a pipe.',
    mend: 'The message holds the error of the system. Text from a pipe is passed as `-`.',
  },
  'file/encoding': {
    what: 'The bytes of the file are not UTF-8. Guessing another encoding would give wrong names and offsets.',
    mend: 'Save the file as UTF-8; a byte order mark is allowed.',
  },
  'file/too-large': {
    what: 'The file has more than 16 MiB. A pipeline of 10,000 steps has about one.',
    mend: 'Keep data out of YAML: let a step read it from its own file.',
  },
}
