/** A difference between the two dialects. */
export interface LintRule {
  /** An example, listed in `docs/compatibility/trigger.md`. */
  readonly example: string;
  /** Its meaning in Waybill. */
  readonly waybill: string;
  /** Its meaning in the hosted product. */
  readonly segment: string;
}

/** The rules of the trigger linter; `docs/compatibility/trigger.md` lists them. */
export const LINT_RULES = {
  unknown_field: {
    example: 'type = "track" and anonymousId = "a"',
    waybill: 'compares the field',
    segment:
      'knows only type, event, name, userId, properties, traits and context; drops the condition, or the whole trigger when nothing else is left',
  },
  double_equals: {
    example: 'type == "track"',
    waybill: 'reads `==` as `=`',
    segment: 'compares with the string `=`: never matches',
  },
  single_quotes: {
    example: "type = 'track'",
    waybill: 'accepts both kinds of quotes',
    segment: 'keeps the quotes as part of the string: never matches',
  },
  text_escape: {
    example: 'event = "say \\"hi\\""',
    waybill: 'resolves `\\"`, `\\\\`, `\\n`',
    segment: 'has no escapes in strings',
  },
  mixed_words: {
    example: 'type = "track" and event = "A" or event = "B"',
    waybill: '`and` binds more tightly than `or`',
    segment: 'applies the last word to the whole group',
  },
  keyword_case: {
    example: 'type = "page" OR type = "screen"',
    waybill: 'accepts keywords in any case',
    segment: 'drops the word, which leaves `and`; reads `NULL` and `TRUE` as strings',
  },
  not_word: {
    example: 'not type = "page"',
    waybill: 'reads `not` as `!`',
    segment: 'drops the word: matches the opposite',
  },
  nested_parentheses: {
    example: '((type = "page"))',
    waybill: 'accepts parentheses at any depth',
    segment: 'fails: matches nothing',
  },
  function_in_parentheses: {
    example: 'type = "track" and (contains(event, "a") or event = "b")',
    waybill: 'ends the group at its own parenthesis',
    segment: 'ends the group at the first `)`, that of the function; the rest falls out of it',
  },
  negation: {
    example: '!(type = "page")',
    waybill: 'negates',
    segment: 'drops the `!`: matches the opposite',
  },
  negated_function: {
    example: '!contains(properties.plan, "free")',
    waybill: 'is true when the field is missing or not a string',
    segment: 'is false when the field is missing or not a string',
  },
  function_field: {
    example: 'type = "track" and contains(type, "a")',
    waybill: 'accepts any field',
    segment:
      'accepts only event, name, userId and members of properties, traits and context; drops the condition',
  },
  function_argument: {
    example: 'contains(event, 5)',
    waybill: 'looks for a string only',
    segment: 'turns the argument into a string',
  },
  pattern: {
    example: 'match(event, "*Order*")',
    waybill: 'has `*`, `?`, `[a-z]` and `\\x` anywhere',
    segment:
      'supports one star, at one end; without a star at the end it drops the first character, and the rest must end the string',
  },
  null_as_text: {
    example: 'event = null',
    waybill: 'is true when the field is null or missing',
    segment: 'compares `type` and `event` with the string `null`',
  },
  not_boolean: {
    example: 'properties.vip != true',
    waybill: 'is false for `true`',
    segment: 'compares with the string `true`: true for the boolean',
  },
  not_number: {
    example: 'properties.total != 10',
    waybill: 'is true when the field is missing or not a number',
    segment: 'is false when the field is missing or not a number',
  },
  value_as_text: {
    example: 'userId = 5',
    waybill: 'compares with the number or boolean',
    segment: 'compares type, event, name and userId with its string form',
  },
  text_order: {
    example: 'properties.total > "5"',
    waybill: 'compares strings with strings',
    segment: 'converts the string to a number and compares numbers',
  },
  number_form: {
    example: 'properties.total = 1e1',
    waybill: 'reads exponents and a leading point',
    segment: 'stops reading at them',
  },
  list_index: {
    example: 'type = "track" and properties.items.0.sku = "a"',
    waybill: 'reads the item of a list',
    segment: 'never matches, or fails',
  },
  bracket: {
    example: 'type = "track" and properties["a"] = "b"',
    waybill: 'reads the member or item',
    segment: 'never matches, or fails',
  },
  dotted_key: {
    example: 'properties.a\\.b = "c"',
    waybill: 'reads the member `a.b`',
    segment: 'treats the escaped dot as the end of a name: reads `b` of `a`',
  },
  whole_object: {
    example: 'properties != null',
    waybill: 'reads the object',
    segment: 'reads `properties.properties`',
  },
  inherited_member: {
    example: 'properties.constructor != null',
    waybill: 'reads own members only, in both dialects',
    segment: 'finds what every object inherits',
  },
  text_member: {
    example: 'properties.plan.length > 3',
    waybill: 'has `length(properties.plan)`; a string has no members',
    segment: 'reads the length or a character of a string',
  },
  falsy_parent: {
    example: 'properties.cart.total = 0',
    waybill: 'reads nothing below a value that is not an object',
    segment: 'reads 0, false or the empty string itself when it is in place of the object',
  },
  list_operator: {
    example: 'type = "track" and event in ["a", "b"]',
    waybill: 'looks the value up in the list',
    segment: 'has no `in`: never matches',
  },
  list_condition: {
    example: 'any(properties.products, sku = "a")',
    waybill: 'evaluates the items of the list',
    segment: 'has no `any` and `all`: fails, or evaluates fields of the event',
  },
  list_value: {
    example: 'properties.tags = ["a"]',
    waybill: 'compares lists',
    segment: 'has no lists',
  },
  function: {
    example: 'length(properties.products) > 3',
    waybill: 'has many functions, whose results can be compared',
    segment: 'has `contains` and `match` only, as conditions; reads the rest as something else',
  },
  bare_field: {
    example: 'type = "track" and properties.vip',
    waybill: 'is true when the field is `true`',
    segment: 'treats the next two words as operator and value',
  },
  bare_value: {
    example: 'true',
    waybill: 'is a condition by itself',
    segment: 'drops the word; fails when nothing else is left',
  },
  value_first: {
    example: 'type = "track" and "a" = event',
    waybill: 'accepts field and value in any order',
    segment: 'drops the condition, or reads it as a different one',
  },
  two_fields: {
    example: 'userId = traits.id',
    waybill: 'compares the two fields',
    segment: 'compares with the name of the second field, as a string',
  },
  spacing: {
    example: 'event!="a" and type = "track"',
    waybill: 'needs no spaces between operators and words',
    segment:
      'needs a space, comma or closing bracket after strings and after `!=`, `<=`, `>=`, and none after `!`',
  },
  hosted_error: {
    example: 'properties.größe = 1',
    waybill: 'reads it',
    segment: 'fails: matches nothing',
  },
  hosted_only: {
    example: 'event contains "Order"',
    waybill: 'refuses it',
    segment: 'reads it, but not always as intended',
  },
  unreadable: {
    example: 'type = "track" and (',
    waybill: 'refuses it',
    segment: 'refuses it, too, without saying so: matches nothing',
  },
  other: {
    example: 'type = "track" or properties.null = "x"',
    waybill: 'reads what is written',
    segment: 'turns it into other conditions',
  },
} as const satisfies Record<string, LintRule>;

/** The code of a rule. */
export type LintCode = keyof typeof LINT_RULES;
