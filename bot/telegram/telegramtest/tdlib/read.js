// Reads texts as Telegram's servers and apps do, by TDLib, without any network.
//
// One question a line on standard input: {"text": …, "entities": [Bot API's]}.
// One answer a line on standard output: {"text", "given", "found"}: the text
// and the entities that are left of those given, and those that Telegram finds
// by itself; or {"error"} for what it refuses.
'use strict'

const readline = require('node:readline')
const tdl = require('tdl')
const { getTdjson } = require('prebuilt-tdlib')

tdl.configure({ tdjson: getTdjson(), verbosityLevel: 0 })

// Names of types in the Bot API and in TDLib.
const names = {
  bold: 'textEntityTypeBold', italic: 'textEntityTypeItalic', underline: 'textEntityTypeUnderline',
  strikethrough: 'textEntityTypeStrikethrough', spoiler: 'textEntityTypeSpoiler', code: 'textEntityTypeCode',
  pre: 'textEntityTypePre', blockquote: 'textEntityTypeBlockQuote', text_link: 'textEntityTypeTextUrl',
  url: 'textEntityTypeUrl', email: 'textEntityTypeEmailAddress', bot_command: 'textEntityTypeBotCommand',
  mention: 'textEntityTypeMention', hashtag: 'textEntityTypeHashtag', cashtag: 'textEntityTypeCashtag',
  phone_number: 'textEntityTypePhoneNumber', bank_card: 'textEntityTypeBankCardNumber',
  media_timestamp: 'textEntityTypeMediaTimestamp'
}
const types = Object.fromEntries(Object.entries(names).map(([ours, theirs]) => [theirs, ours]))

const toTDLib = ({ type, offset, length, url }) =>
  ({ _: 'textEntity', offset, length, type: url ? { _: names[type], url } : { _: names[type] } })

const fromTDLib = ({ offset, length, type }) =>
  ({ type: types[type._] || type._, offset, length, ...(type.url ? { url: type.url } : {}) })

function ask (query) {
  const answer = tdl.execute(query)
  if (!answer || answer._ === 'error') throw new Error(answer ? answer.message : 'no answer')
  return answer
}

function read ({ text, entities }) {
  // parseMarkdown is the synchronous method that puts explicit entities in
  // order as sending does. It reads marks in the text as well: there is a
  // letter in their place while it looks.
  const unmarked = text.replace(/[_*~|`[\]]/g, 'x')
  const kept = ask({ _: 'parseMarkdown', text: { _: 'formattedText', text: unmarked, entities: (entities || []).map(toTDLib) } })
  if (kept.text === unmarked) kept.text = text
  const found = ask({ _: 'getTextEntities', text: kept.text })
  return { text: kept.text, given: kept.entities.map(fromTDLib), found: found.entities.map(fromTDLib) }
}

readline.createInterface({ input: process.stdin }).on('line', line => {
  let answer
  try {
    answer = read(JSON.parse(line))
  } catch (e) {
    answer = { error: e.message }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
})
