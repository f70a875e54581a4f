import { UserError } from "../../errors.ts";
import type { ManifestObject } from "../../ports/manifests.ts";

/**
 * Kinds of Kubernetes, and of what is often found beside it, that are of no namespace, by their group: a preview that
 * had one would change what others have, and leave it behind. Kinds that nobody here knows are taken for ones of a
 * namespace. https://kubernetes.io/docs/reference/kubernetes-api/
 */
const clusterWide: Readonly<Record<string, readonly string[]>> = {
  "": ["Namespace", "Node", "PersistentVolume", "ComponentStatus"],
  "admissionregistration.k8s.io": [
    ...["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
    ...["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
    ...["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"],
  ],
  "apiextensions.k8s.io": ["CustomResourceDefinition"],
  "apiregistration.k8s.io": ["APIService"],
  "authentication.k8s.io": ["TokenReview", "SelfSubjectReview"],
  "authorization.k8s.io": ["SubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview"],
  "certificates.k8s.io": ["CertificateSigningRequest", "ClusterTrustBundle"],
  "flowcontrol.apiserver.k8s.io": ["FlowSchema", "PriorityLevelConfiguration"],
  "networking.k8s.io": ["IngressClass", "IPAddress", "ServiceCIDR"],
  "node.k8s.io": ["RuntimeClass"],
  policy: ["PodSecurityPolicy"],
  "rbac.authorization.k8s.io": ["ClusterRole", "ClusterRoleBinding"],
  "resource.k8s.io": ["DeviceClass", "ResourceSlice"],
  "scheduling.k8s.io": ["PriorityClass"],
  "storage.k8s.io": ["StorageClass", "CSIDriver", "CSINode", "VolumeAttachment", "VolumeAttributesClass"],
  "cert-manager.io": ["ClusterIssuer"],
  "external-secrets.io": ["ClusterSecretStore", "ClusterExternalSecret", "ClusterPushSecret"],
  "gateway.networking.k8s.io": ["GatewayClass"],
  "kyverno.io": ["ClusterPolicy", "ClusterCleanupPolicy"],
  "snapshot.storage.k8s.io": ["VolumeSnapshotClass", "VolumeSnapshotContent"],
};

/** Whether an object is in a namespace, as far as its kind tells. */
export function isOfNamespace({ apiVersion = "", kind }: ManifestObject): boolean {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return !(clusterWide[group] ?? []).includes(kind);
}

/**
 * That each object is in the preview's namespace, or names none, and that none is of no namespace but its own Namespace.
 * @returns whether that is among them
 * @throws UserError `preview/namespace`
 */
export function guard(
  where: string,
  objects: readonly ManifestObject[],
  namespace: string,
  { ignoresNamespaces = false } = {},
): boolean {
  let hasNamespace = false;
  for (const object of objects) {
    const isNamespace = object.kind === "Namespace";
    const isOwn = isNamespace && object.name === namespace;
    hasNamespace ||= isOwn;
    if (isOwn || (ignoresNamespaces && isNamespace)) continue;
    if (isNamespace || !isOfNamespace(object)) {
      throw reachesOut(where, `${object.kind} ${object.name}`, "A preview has objects of its own namespace alone.");
    }
    if (ignoresNamespaces || (object.namespace ?? namespace) === namespace) continue;
    const fix = "Write namespace: {{ preview.namespace }}, or leave it out.";
    throw reachesOut(where, `${object.kind} in ${object.namespace}`, fix);
  }
  return hasNamespace;
}

export const reachesOut = (where: string, seen: string, fix: string): UserError =>
  new UserError("preview/namespace", `${where} reaches out of the preview's namespace: ${seen}.`, { seen, fix });
