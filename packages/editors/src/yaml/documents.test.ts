import { describe, expect, it } from "vitest";
import { edit, result } from "../../test/edit-yaml.ts";

describe("a file of several documents", () => {
  const many =
    "# head\n---\nkind: Service\nmetadata: {name: web}\nspec: {port: 80}\n---\nkind: Deployment\nmetadata:\n  name: web\n  namespace: a\nspec:\n  replicas: 1\n---\nkind: Deployment\nmetadata:\n  name: web\n  namespace: b\nspec:\n  replicas: 1\n---\n";

  it("is edited in the document that the selector names", () => {
    expect(edit(many, { "Service/web:spec.port": "81" })).toBe(many.replace("80", "81"));
    expect(edit(many, { "Deployment/b/web:spec.replicas": "2" })).toBe(many.replace(/1(?=\n---\n$)/, "2"));
  });

  it("is edited without a name when only one has the path", () => {
    expect(edit(many, { "spec.port": "81" })).toBe(many.replace("80", "81"));
  });

  it("is refused when several or none match", () => {
    expect(edit(many, { "Deployment/web:spec.replicas": "2" })).toBe("edit/ambiguous");
    expect(edit(many, { "spec.replicas": "2" })).toBe("edit/ambiguous");
    expect(edit(many, { "spec.nothing": "2" })).toBe("edit/no-key");
    expect(edit(many, { "Deployment/wbe:spec.replicas": "2" })).toBe("edit/no-key");
    expect(result(many, { "Deployment/wbe:spec.replicas": "2" })).toMatchObject({
      fix: 'Did you mean "Deployment/web"?',
    });
  });
});
