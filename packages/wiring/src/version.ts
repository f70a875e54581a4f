/** Version of Glu. The release script changes this line and the manifests together. */
export const version = "1.0.0-alpha.1";
