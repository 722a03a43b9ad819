/** What is used of the regular expression library, as a module of its own that is loaded with the first pattern. */
export { RE2JS } from 're2js'
