/** Renders templates of the config: never evaluates code, and a missing variable is an error. */
export interface Templates {
  /**
   * `{{ images.web.tag }}`, `{{ app }}`, GimletD's `{{ .VAR | sanitizeDNSName }}`.
   * @param harmless what becomes of each value after its filters, before it is put into the text; default: nothing
   * @throws UserError `template/missing-variable` or `template/syntax`, naming the template.
   */
  render(template: string, variables: Readonly<Record<string, unknown>>, harmless?: (value: string) => string): string;
}
