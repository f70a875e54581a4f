/** Characters. A path or a value is far shorter. */
export const longestTemplate = 16_384;

/** One output expression, `{{ … }}`: quoted text in it may hold braces. */
export const expression = /\{\{(?:"[^"]*"|'[^']*'|(?!\}\})[^"'])*\}\}/g;
