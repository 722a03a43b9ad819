// Makes the parser of the `yaml` package fast for the bundle, without a word of its logic.
//
// Its lexer and its parser are generators all the way down: each token of a text makes half a dozen of them, and asks the
// environment whether to be logged. Nobody here stops halfway, so what would be yielded is handed on at once instead: the
// lexer calls the parser with each token, the parser keeps what it has made. A change of the package that this does not fit
// ends the build; test/document/plain-yaml.test.ts compares the outcome with the package itself.

/** Files of the package, and what more is to be changed in each: text -> text that stands for it. */
const FILES = {
  'parse/lexer.js': [],
  'parse/parser.js': [
    [
      /for \(const lexeme of this\.lexer\.lex\(source, incomplete\)\)\s+this\.next\(lexeme\);/,
      'this.made = []; this.lexer.emit = lexeme => this.next(lexeme); this.lexer.lex(source, incomplete);',
    ],
    [/(if \(!incomplete\)\s+this\.end\(\);)/, '$1 return this.made;'],
    [/(\n {4}\*?peek\(n\) \{)/, '\n    emit(token) { this.made.push(token); }$1'],
    [/if \(node_process\.env\.LOG_TOKENS\)\s+console\.log\([^\n]*\);/, ''],
  ],
}

/** A plugin for the bundler, and a last look whether it had anything to do. */
export function plainYaml() {
  const left = new Set(Object.keys(FILES))
  const transform = (code, id) => {
    const file = Object.keys(FILES).find((path) => id.replaceAll('\\', '/').endsWith(`/yaml/dist/${path}`))
    if (file === undefined) return undefined
    left.delete(file)
    return withoutGenerators(code, file)
  }
  const finish = () => {
    if (left.size > 0) throw new Error(`yaml: ${[...left].join(', ')} is not where it was`)
  }
  return { plugin: { name: 'plain-yaml', transform }, finish }
}

/** The text of one file of the package, in which generators are plain methods. */
export function withoutGenerators(code, file) {
  let text = code
    // What is yielded by another is yielded already.
    .replace(/\byield\* /g, '')
    .replace(/\byield ([\s\S]*?);(?=\n)/g, 'this.emit($1);')
    .replace(/^ {4}\*(\w+\()/gm, '    $1')
  for (const [from, to] of FILES[file]) {
    if (text.match(new RegExp(from, 'g'))?.length !== 1) throw new Error(`yaml/${file}: ${from} does not fit`)
    text = text.replace(from, to)
  }
  const words = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  if (/\byield\b|function ?\*|^\s*\*\w+\(/m.test(words)) throw new Error(`yaml/${file}: a generator is left`)
  return text
}
