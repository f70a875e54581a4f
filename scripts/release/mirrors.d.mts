export declare function actionMirror(root: string, action: string, version: string): Map<string, Buffer | string>;
export declare function gitlabMirror(root: string, version: string): Map<string, Buffer | string>;
