const i=8906,h=[8906],m={88906:((o,s,n)=>{n.r(s),n.d(s,{runConfigTypes:()=>t});const e=`declare module "@glu/sdk" {
  export type Gate =
    | {
        /**
         * How long the artifact must have been upstream: a duration such as 1h, or { for, since, hours }.
         */
        soak:
          | string
          | {
              /**
               * How long it must have been upstream, such as 30m, 2h or 1d.
               */
              for: string;
              /**
               * Whether the time begins when it is released upstream, or when it is verified there. Default released.
               */
              since?: "released" | "healthy";
              /**
               * The hours that count, such as { from: 09:00, to: 17:00, zone: Europe/Berlin }.
               */
              hours?: {
                /**
                 * The days that count, such as [MO, TU, WE, TH, FR], which is the default.
                 *
                 * @minItems 1
                 */
                days?: ("MO" | "TU" | "WE" | "TH" | "FR" | "SA" | "SU")[];
                /**
                 * When they begin on each of these days, such as 09:00.
                 */
                from: string;
                /**
                 * When they end on the same day, such as 17:00; at most 24:00.
                 */
                to: string;
                /**
                 * The time zone, by its name in the IANA database, such as Europe/Berlin or UTC.
                 */
                zone: string;
              };
            };
      }
    | {
        /**
         * When it may be promoted: allowed and blocked times.
         */
        window: {
          /**
           * The times in which it is open. Without them it is open whenever it is not blocked.
           *
           * @minItems 1
           *
           * Items: Times that come again, { rule, for, zone }, or a time that comes once, { start, end, zone }.
           */
          allow?: (
            | {
                /**
                 * When it starts: a recurrence rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=9.
                 */
                rule: string;
                /**
                 * How long it lasts from each start, such as 7h. Days and weeks are those of the calendar, hours always as long.
                 */
                for: string;
                /**
                 * The time zone, by its name in the IANA database, such as Europe/Berlin or UTC.
                 */
                zone: string;
                /**
                 * The first time, which INTERVAL and COUNT count from, such as 2026-01-05T09:00.
                 */
                start?: string;
                /**
                 * Why, for whoever reads of it, such as Christmas.
                 */
                reason?: string;
              }
            | {
                /**
                 * When it begins, such as 2026-12-19 or 2026-12-18T16:00.
                 */
                start: string;
                /**
                 * When it ends, such as 2027-01-04. The end is no part of it.
                 */
                end: string;
                /**
                 * The time zone, by its name in the IANA database, such as Europe/Berlin or UTC.
                 */
                zone: string;
                /**
                 * Why, for whoever reads of it, such as Christmas.
                 */
                reason?: string;
              }
          )[];
          /**
           * The times in which it is closed, whatever else is allowed.
           *
           * @minItems 1
           *
           * Items: Times that come again, { rule, for, zone }, or a time that comes once, { start, end, zone }.
           */
          block?: (
            | {
                /**
                 * When it starts: a recurrence rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=9.
                 */
                rule: string;
                /**
                 * How long it lasts from each start, such as 7h. Days and weeks are those of the calendar, hours always as long.
                 */
                for: string;
                /**
                 * The time zone, by its name in the IANA database, such as Europe/Berlin or UTC.
                 */
                zone: string;
                /**
                 * The first time, which INTERVAL and COUNT count from, such as 2026-01-05T09:00.
                 */
                start?: string;
                /**
                 * Why, for whoever reads of it, such as Christmas.
                 */
                reason?: string;
              }
            | {
                /**
                 * When it begins, such as 2026-12-19 or 2026-12-18T16:00.
                 */
                start: string;
                /**
                 * When it ends, such as 2027-01-04. The end is no part of it.
                 */
                end: string;
                /**
                 * The time zone, by its name in the IANA database, such as Europe/Berlin or UTC.
                 */
                zone: string;
                /**
                 * Why, for whoever reads of it, such as Christmas.
                 */
                reason?: string;
              }
          )[];
        };
      }
    | {
        /**
         * At most so many releases of the app in the environment per time, such as { max: 3, per: 1d }.
         */
        rate: {
          /**
           * How many releases there may be in that time, 1 to 50, such as 3.
           */
          max: number;
          /**
           * The time that counts back from now, such as 1h or 1d.
           */
          per: string;
        };
      }
    | {
        /**
         * An item the artifact must carry, and what its fields must be: { name: tests, state: success }.
         */
        item: {
          /**
           * The item's name, such as tests.
           */
          name: string;
          /**
           * What the field must be: a value, a list of texts of which one, or { min, max } for a number.
           */
          [k: string]:
            | string
            | number
            | boolean
            | {
                /**
                 * The least it may be.
                 */
                min?: number;
                /**
                 * The most it may be.
                 */
                max?: number;
              }
            | string[];
        };
      }
    | {
        /**
         * Who may promote, such as { users: [ada], teams: [acme/releasers] }.
         */
        actor: {
          /**
           * Users who may promote.
           *
           * @minItems 1
           *
           * Items: A user's name on the forge, such as ada.
           */
          users?: string[];
          /**
           * Teams whose members may promote.
           *
           * @minItems 1
           *
           * Items: A team as org/team, such as acme/releasers; on GitLab the path of a group.
           */
          teams?: string[];
          /**
           * Whether what a policy starts by itself may pass, whoever set it off. Default false.
           */
          automation?: boolean;
        };
      }
    | {
        /**
         * Statuses, check runs and jobs of a commit, such as { names: [test, build*] }.
         */
        checks: {
          /**
           * The checks that must have succeeded: each name or pattern at least once.
           */
          names: string | string[];
          /**
           * On which commit: source, the artifact's; config, the one of the config branch that is decided on. Default source.
           */
          on?: ("source" | "config") | ("source" | "config")[];
        };
      }
    | {
        /**
         * Who must have approved, such as { count: 2, users: [ada], teams: [acme/releasers] }.
         */
        approval: {
          /**
           * How many of them must have approved. Default 1.
           */
          count?: number;
          /**
           * Users who may approve.
           *
           * @minItems 1
           *
           * Items: A user's name on the forge, such as ada.
           */
          users?: string[];
          /**
           * Teams whose members may approve.
           *
           * @minItems 1
           *
           * Items: A team as org/team, such as acme/releasers; on GitLab the path of a group.
           */
          teams?: string[];
          /**
           * How: proposal, by a review of the pull request that proposes it; source, by a review of the one that brought the commit; environment, of the forge, which the job waits for. Default proposal where there is propose, else environment.
           */
          by?: ("proposal" | "source" | "environment") | ("proposal" | "source" | "environment")[];
          /**
           * The environment of the forge that by: environment is about. Default: of the same name.
           */
          environment?: string;
        };
      }
    | {
        /**
         * What a server must answer, such as { url: https://status.example.com, json: { path: $.ok, equals: true } }.
         */
        http: {
          /**
           * The address, such as https://status.example.com/{{ app }}. A template's value is percent-encoded.
           */
          url: string;
          /**
           * GET, unless it says otherwise. It may be asked several times.
           */
          method?: "GET" | "HEAD" | "POST";
          /**
           * The status that is wanted, or several. Without it any from 200 to 299.
           */
          status?: number | number[];
          /**
           * Headers: texts, or { env: NAME, prefix: "Bearer " } for what must not stand here.
           */
          headers?: {
            /**
             * A text, or { env: NAME }: a variable of the job, such as a token.
             */
            [k: string]:
              | string
              | {
                  /**
                   * The variable of the job that holds it. Its value is masked.
                   */
                  env: string;
                  /**
                   * What stands before it, such as "Bearer ".
                   */
                  prefix?: string;
                };
          };
          /**
           * What is posted: a text as it is, or a mapping that is sent as JSON.
           */
          body?:
            | string
            | {
                [k: string]: unknown;
              };
          /**
           * What the answer must say in JSON: { path: $.status, equals: ok }.
           */
          json?:
            | {
                /**
                 * Where to look, as a JSON path (RFC 9535): $.status, $.checks[*].state.
                 */
                path: string;
                /**
                 * The value, of the same type.
                 */
                equals?: string | number | boolean | null;
                /**
                 * A glob for a text, in which * takes any characters.
                 */
                matches?: string;
                /**
                 * The smallest number; a text such as "0.5" is read as one.
                 */
                min?: number;
                /**
                 * The largest number.
                 */
                max?: number;
                /**
                 * true: there is something; false: there is nothing.
                 */
                exists?: boolean;
              }
            | {
                /**
                 * Where to look, as a JSON path (RFC 9535): $.status, $.checks[*].state.
                 */
                path: string;
                /**
                 * The value, of the same type.
                 */
                equals?: string | number | boolean | null;
                /**
                 * A glob for a text, in which * takes any characters.
                 */
                matches?: string;
                /**
                 * The smallest number; a text such as "0.5" is read as one.
                 */
                min?: number;
                /**
                 * The largest number.
                 */
                max?: number;
                /**
                 * true: there is something; false: there is nothing.
                 */
                exists?: boolean;
              }[];
          /**
           * How often it is asked again while the server is busy. Default 2.
           */
          retries?: number;
          /**
           * For all of it. Default 30s.
           */
          timeout?: string;
        };
      }
    | {
        /**
         * A program that must end with 0, such as { run: [./smoke-test, --quick] }.
         */
        command: {
          /**
           * The program and its arguments as they stand, such as [./smoke-test, --quick]: there is no shell, and no template.
           *
           * @minItems 1
           */
          run: string[];
          /**
           * How long it may run. Default 5m.
           */
          timeout?: string;
          /**
           * Variables that it gets besides PATH, HOME, TMPDIR and LANG: texts, or { env: NAME } of the job.
           */
          variables?: {
            /**
             * A text, or { env: NAME }: a variable of the job, such as a token.
             */
            [k: string]:
              | string
              | {
                  /**
                   * The variable of the job that holds it. Its value is masked.
                   */
                  env: string;
                  /**
                   * What stands before it, such as "Bearer ".
                   */
                  prefix?: string;
                };
          };
        };
      }
    | {
        /**
         * A workflow or pipeline that must have succeeded for the artifact, such as { file: smoke.yml }; it is started.
         */
        workflow: {
          /**
           * The workflow's file, such as smoke.yml. Left out on GitLab, where a project has one pipeline.
           */
          file?: string;
          /**
           * The repository it is in, owner/name. Without it: the one that the promotion runs in.
           */
          repository?: string;
          /**
           * The branch it runs on; runs on others do not count. Without it: the default branch.
           */
          ref?: string;
          /**
           * Inputs of the run. {{ \u2026 }} stands for a value as in write.
           */
          inputs?: {
            [k: string]: string;
          };
          /**
           * How long to wait for the run to end, such as 10m; 0s only looks. Without it: 10m.
           */
          wait?: string;
        };
      }
    | {
        /**
         * That the app is healthy where it runs, as one of these says: argocd, kubernetes, flux or status.
         */
        health: {
          /**
           * Applications of Argo CD, such as { url: https://argocd.example.com, application: web, token: { env: TOKEN } }.
           */
          argocd?: {
            /**
             * Where Argo CD is, such as https://argocd.example.com.
             */
            url: string;
            /**
             * The application's name, or several, such as {{ app }}-{{ env }}. All must be healthy.
             */
            application: string | string[];
            /**
             * The namespace that the applications are in, when it is not Argo CD's.
             */
            namespace?: string;
            /**
             * The project of the applications: then Argo CD says of one that is missing that it is.
             */
            project?: string;
            /**
             * The variable of the job that holds the token, such as { env: ARGOCD_TOKEN }.
             */
            token: {
              /**
               * The variable of the job that holds it. Its value is masked.
               */
              env: string;
            };
            /**
             * The certificate of the authority that the server's has to come from, in PEM, or that in base64 as a kubeconfig has it.
             */
            ca?:
              | string
              | {
                  /**
                   * The variable of the job that holds it. Its value is masked.
                   */
                  env: string;
                  /**
                   * What stands before it, such as "Bearer ".
                   */
                  prefix?: string;
                };
            /**
             * How often it is asked again while the server is busy. Default 2.
             */
            retries?: number;
            /**
             * For all of it. Default 30s.
             */
            timeout?: string;
          };
          /**
           * Workloads of a cluster, as kubectl rollout status sees them, such as { name: web, namespace: shop, kubectl: true }.
           */
          kubernetes?: {
            /**
             * What it is. Default Deployment.
             */
            kind?: "Deployment" | "StatefulSet" | "DaemonSet";
            /**
             * Its name, or several, such as {{ app }}. All must be rolled out.
             */
            name: string | string[];
            /**
             * The namespace that it is in, such as {{ env }}.
             */
            namespace: string;
            /**
             * The API server of the cluster, such as https://k8s.example.com:6443.
             */
            url?: string;
            /**
             * The variable of the job that holds the token, such as { env: ARGOCD_TOKEN }.
             */
            token?: {
              /**
               * The variable of the job that holds it. Its value is masked.
               */
              env: string;
            };
            /**
             * The certificate of the authority that the server's has to come from, in PEM, or that in base64 as a kubeconfig has it.
             */
            ca?:
              | string
              | {
                  /**
                   * The variable of the job that holds it. Its value is masked.
                   */
                  env: string;
                  /**
                   * What stands before it, such as "Bearer ".
                   */
                  prefix?: string;
                };
            /**
             * Ask by kubectl instead of url and token: true, or { context, kubeconfig, variables }.
             */
            kubectl?:
              | true
              | {
                  /**
                   * The context of the kubeconfig. Without it the current one.
                   */
                  context?: string;
                  /**
                   * The kubeconfig's file. Without it ~/.kube/config.
                   */
                  kubeconfig?: string;
                  /**
                   * Variables that kubectl and its credential plugin get: texts, or { env: NAME } of the job.
                   */
                  variables?: {
                    /**
                     * A text, or { env: NAME }: a variable of the job, such as a token.
                     */
                    [k: string]:
                      | string
                      | {
                          /**
                           * The variable of the job that holds it. Its value is masked.
                           */
                          env: string;
                          /**
                           * What stands before it, such as "Bearer ".
                           */
                          prefix?: string;
                        };
                  };
                };
            /**
             * How often it is asked again while the server is busy. Default 2.
             */
            retries?: number;
            /**
             * For all of it. Default 30s.
             */
            timeout?: string;
          };
          /**
           * Kustomizations or HelmReleases of Flux, such as { name: apps, kubectl: true }.
           */
          flux?: {
            /**
             * What it is. Default Kustomization.
             */
            kind?: "Kustomization" | "HelmRelease";
            /**
             * Its name, or several, such as {{ app }}. All must be ready.
             */
            name: string | string[];
            /**
             * The namespace that it is in. Default flux-system.
             */
            namespace?: string;
            /**
             * The API server of the cluster, such as https://k8s.example.com:6443.
             */
            url?: string;
            /**
             * The variable of the job that holds the token, such as { env: ARGOCD_TOKEN }.
             */
            token?: {
              /**
               * The variable of the job that holds it. Its value is masked.
               */
              env: string;
            };
            /**
             * The certificate of the authority that the server's has to come from, in PEM, or that in base64 as a kubeconfig has it.
             */
            ca?:
              | string
              | {
                  /**
                   * The variable of the job that holds it. Its value is masked.
                   */
                  env: string;
                  /**
                   * What stands before it, such as "Bearer ".
                   */
                  prefix?: string;
                };
            /**
             * Ask by kubectl instead of url and token: true, or { context, kubeconfig, variables }.
             */
            kubectl?:
              | true
              | {
                  /**
                   * The context of the kubeconfig. Without it the current one.
                   */
                  context?: string;
                  /**
                   * The kubeconfig's file. Without it ~/.kube/config.
                   */
                  kubeconfig?: string;
                  /**
                   * Variables that kubectl and its credential plugin get: texts, or { env: NAME } of the job.
                   */
                  variables?: {
                    /**
                     * A text, or { env: NAME }: a variable of the job, such as a token.
                     */
                    [k: string]:
                      | string
                      | {
                          /**
                           * The variable of the job that holds it. Its value is masked.
                           */
                          env: string;
                          /**
                           * What stands before it, such as "Bearer ".
                           */
                          prefix?: string;
                        };
                  };
                };
            /**
             * How often it is asked again while the server is busy. Default 2.
             */
            retries?: number;
            /**
             * For all of it. Default 30s.
             */
            timeout?: string;
          };
          /**
           * Statuses that Flux or Argo CD set on commits of the config repository, such as { context: kustomization/apps/* }.
           */
          status?: {
            /**
             * The statuses or checks by their names, or patterns such as kustomization/apps/*. Each must be there and have succeeded.
             */
            context: string | string[];
          };
        };
      }
    | {
        /**
         * What a query of Prometheus must give, such as { url: https://prometheus.example.com, query: up, equals: 1 }.
         */
        prometheus: {
          /**
           * Where the API is, such as https://prometheus.example.com, with the path before /api/v1.
           */
          url: string;
          /**
           * The query in PromQL. A template's value is escaped as a string of it needs: name="{{ app }}".
           */
          query: string;
          /**
           * The smallest number that is good.
           */
          min?: number;
          /**
           * The largest number that is good.
           */
          max?: number;
          /**
           * What every number has to be larger than.
           */
          above?: number;
          /**
           * What every number has to be smaller than.
           */
          below?: number;
          /**
           * The only number that is good.
           */
          equals?: number;
          /**
           * For how long every number must be good; of a release since it is there. Without it: now.
           */
          over?: string;
          /**
           * How long after a release it is looked at first: after it was seen to be there, where health is asked beside, else after it was made. Default: at once.
           */
          after?: string;
          /**
           * What it means that there is no number, or NaN: held, the default, or met.
           */
          empty?: "held" | "met";
          /**
           * The variable of the job that holds the token, such as { env: ARGOCD_TOKEN }.
           */
          token?: {
            /**
             * The variable of the job that holds it. Its value is masked.
             */
            env: string;
          };
          /**
           * Headers: texts, or { env: NAME, prefix: "Bearer " } for what must not stand here.
           */
          headers?: {
            /**
             * A text, or { env: NAME }: a variable of the job, such as a token.
             */
            [k: string]:
              | string
              | {
                  /**
                   * The variable of the job that holds it. Its value is masked.
                   */
                  env: string;
                  /**
                   * What stands before it, such as "Bearer ".
                   */
                  prefix?: string;
                };
          };
          /**
           * The certificate of the authority that the server's has to come from, in PEM, or that in base64 as a kubeconfig has it.
           */
          ca?:
            | string
            | {
                /**
                 * The variable of the job that holds it. Its value is masked.
                 */
                env: string;
                /**
                 * What stands before it, such as "Bearer ".
                 */
                prefix?: string;
              };
          /**
           * How often it is asked again while the server is busy. Default 2.
           */
          retries?: number;
          /**
           * For all of it. Default 30s.
           */
          timeout?: string;
        };
      };
  export type Write =
    | {
        yaml: string;
        /**
         * Selector (image.tag, env[name=LOG_LEVEL].value, Deployment/web:spec.replicas) \u2192 value.
         */
        set: {
          [k: string]: string;
        };
        /**
         * Make the file, key or entry when it is missing.
         */
        create?: boolean;
      }
    | {
        /**
         * The folder of the kustomization; '.' is the root.
         */
        kustomize: string;
        /**
         * The image: name:tag, name@digest or name:tag@digest.
         */
        image: string;
        /**
         * The name of the entry under 'images'; default: that of the image.
         */
        name?: string;
        /**
         * Make the file, key or entry when it is missing.
         */
        create?: boolean;
      }
    | {
        json: string;
        /**
         * Selector (image.tag, env[name=LOG_LEVEL].value, Deployment/web:spec.replicas) \u2192 value.
         */
        set: {
          [k: string]: string;
        };
        /**
         * Make the file, key or entry when it is missing.
         */
        create?: boolean;
      };

  /**
   * A delivery pipeline of Glu Actions: environments, apps, and what a promotion writes.
   */
  export interface Config {
    /**
     * The version of this format. Write version: 1.
     */
    version: 1;
    /**
     * Where release artifacts are kept.
     */
    artifacts?: {
      /**
       * Where artifacts are kept: git (in refs of a repository) or file:<path>.
       */
      store?: string;
      /**
       * Where the git store keeps them; the app's name is added. Default refs/glu/artifacts.
       */
      ref?: string;
    };
    /**
     * The environments by name, such as staging: { policy: { event: push, branch: main } }.
     */
    environments: {
      [k: string]: Environment;
    };
    /**
     * Times in which nothing is promoted, such as Christmas; for one environment alone, see its gate window.
     *
     * Items: Times in which nothing is promoted into some or all environments.
     */
    freezes?: {
      /**
       * The environments that are frozen. Without it all of them.
       */
      environments?: string | string[];
      /**
       * When: times that come again, { rule, for, zone }, and those that come once, { start, end, zone }.
       *
       * @minItems 1
       *
       * Items: Times that come again, { rule, for, zone }, or a time that comes once, { start, end, zone }.
       */
      times: (
        | {
            /**
             * When it starts: a recurrence rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=9.
             */
            rule: string;
            /**
             * How long it lasts from each start, such as 7h. Days and weeks are those of the calendar, hours always as long.
             */
            for: string;
            /**
             * The time zone, by its name in the IANA database, such as Europe/Berlin or UTC.
             */
            zone: string;
            /**
             * The first time, which INTERVAL and COUNT count from, such as 2026-01-05T09:00.
             */
            start?: string;
            /**
             * Why, for whoever reads of it, such as Christmas.
             */
            reason?: string;
          }
        | {
            /**
             * When it begins, such as 2026-12-19 or 2026-12-18T16:00.
             */
            start: string;
            /**
             * When it ends, such as 2027-01-04. The end is no part of it.
             */
            end: string;
            /**
             * The time zone, by its name in the IANA database, such as Europe/Berlin or UTC.
             */
            zone: string;
            /**
             * Why, for whoever reads of it, such as Christmas.
             */
            reason?: string;
          }
      )[];
    }[];
    /**
     * Who may override which gates, with a reason. Without it nobody may.
     */
    "break-glass"?:
      | {
          /**
           * The environments it is about. Without it all that have no break-glass of their own.
           */
          environments?: string | string[];
          /**
           * The gates that may be overridden, such as [freeze, soak].
           */
          gates:
            | (
                | "accept"
                | "from"
                | "set"
                | "pin"
                | "freeze"
                | "soak"
                | "window"
                | "rate"
                | "item"
                | "checks"
                | "approval"
                | "http"
                | "command"
                | "workflow"
                | "health"
                | "prometheus"
              )
            | (
                | "accept"
                | "from"
                | "set"
                | "pin"
                | "freeze"
                | "soak"
                | "window"
                | "rate"
                | "item"
                | "checks"
                | "approval"
                | "http"
                | "command"
                | "workflow"
                | "health"
                | "prometheus"
              )[];
          /**
           * Users who may override them.
           *
           * @minItems 1
           *
           * Items: A user's name on the forge, such as ada.
           */
          users?: string[];
          /**
           * Teams whose members may override them.
           *
           * @minItems 1
           *
           * Items: A team as org/team, such as acme/releasers; on GitLab the path of a group.
           */
          teams?: string[];
        }
      | {
          /**
           * The environments it is about. Without it all that have no break-glass of their own.
           */
          environments?: string | string[];
          /**
           * The gates that may be overridden, such as [freeze, soak].
           */
          gates:
            | (
                | "accept"
                | "from"
                | "set"
                | "pin"
                | "freeze"
                | "soak"
                | "window"
                | "rate"
                | "item"
                | "checks"
                | "approval"
                | "http"
                | "command"
                | "workflow"
                | "health"
                | "prometheus"
              )
            | (
                | "accept"
                | "from"
                | "set"
                | "pin"
                | "freeze"
                | "soak"
                | "window"
                | "rate"
                | "item"
                | "checks"
                | "approval"
                | "http"
                | "command"
                | "workflow"
                | "health"
                | "prometheus"
              )[];
          /**
           * Users who may override them.
           *
           * @minItems 1
           *
           * Items: A user's name on the forge, such as ada.
           */
          users?: string[];
          /**
           * Teams whose members may override them.
           *
           * @minItems 1
           *
           * Items: A team as org/team, such as acme/releasers; on GitLab the path of a group.
           */
          teams?: string[];
        }[];
    /**
     * Previews of pull requests: where they are, how long, and how many.
     */
    previews?: {
      /**
       * The repository it lives in, when it is not the config's: owner/name, a URL without credentials, a path.
       */
      repository?: string;
      /**
       * The branch its files and records live in, when it is not the config's.
       */
      ref?: string;
      /**
       * The folder that the files of previews are written to. Default previews.
       */
      folder?: string;
      /**
       * Template of the host of each preview. Names in it are shortened, with a hash, until it fits. Without it a preview has none.
       */
      host?: string;
      /**
       * Template of the address where people find it. Default https:// and the host.
       */
      url?: string;
      /**
       * Template of the address that answers with 2xx when the preview is healthy: what wait asks. Without it nothing is asked.
       */
      health?: string;
      /**
       * Templates of further addresses of each preview, such as of its logs and metrics.
       */
      links?: {
        /**
         * Template of an address.
         */
        [k: string]: string;
      };
      /**
       * Whether the pull request has a comment that says where its previews are. Default true.
       */
      comment?: boolean;
      /**
       * Whether GitHub shows previews as deployments, in one environment. Default true.
       */
      deployments?: boolean;
      /**
       * How long a preview stays after the last event of its pull request. Default 3d.
       */
      idle?: string;
      /**
       * How long a preview stays at most. Default 30d.
       */
      "max-age"?: string;
      /**
       * How many there may be at once. Without it as many as there are.
       */
      limit?: number;
      /**
       * How many there may be at once of the pull requests of one author.
       */
      "limit-per-author"?: number;
      /**
       * When there are as many: fail, no more is made; evict-idle, the one that was idle longest goes. Default fail.
       */
      "on-limit"?: "fail" | "evict-idle";
      /**
       * always: every pull request gets one; label: those with the label. Default always.
       */
      when?: "always" | "label";
      /**
       * The label by which somebody asks for a preview, or vouches for a commit of a fork. Default preview.
       */
      label?: string;
      /**
       * Pull requests from forks: label, a commit gets a preview when the label is put on while it is at the head; never. Default label.
       */
      forks?: "label" | "never";
    };
    defaults?: App;
    /**
     * The apps by name, such as frontend: { images: { web: ghcr.io/acme/frontend } }.
     */
    apps?: {
      [k: string]: App | null;
    };
    /**
     * Declares an app for every folder that matches. Folders that begin with '.' or '_' are left out.
     */
    discover?: string | string[];
  }
  /**
   * An environment: a place where apps run.
   */
  export interface Environment {
    /**
     * Which artifacts are promoted by themselves. Without it nothing is.
     */
    policy?: Policy | Policy[];
    /**
     * Which artifacts may be promoted at all. Without it every one.
     */
    accept?: Policy | Policy[];
    /**
     * The environments upstream, such as staging or [a, b]: what is promoted must have been released there and not failed.
     */
    from?:
      | string
      | string[]
      | {
          /**
           * All of these must have released it.
           *
           * @minItems 1
           *
           * Items: The name of an environment above.
           */
          all?: string[];
          /**
           * One of these must have released it.
           *
           * @minItems 1
           *
           * Items: The name of an environment above.
           */
          any?: string[];
        };
    /**
     * What comes from upstream by itself: newest, the newest artifact that it released; upstream, what runs there now.
     */
    auto?: "newest" | "upstream";
    /**
     * Whether exactly what upstream runs moves there, all its apps together or none.
     */
    set?: boolean;
    /**
     * The tier, such as staging. "production" is the one that automation is held back from.
     */
    tier?: string;
    /**
     * Conditions that must hold, each one key: [{ soak: 30m }].
     */
    gates?: (Gate | GateFunction)[];
    /**
     * Who may override which gates there, with a reason. In place of what the top says.
     */
    "break-glass"?:
      | {
          /**
           * The gates that may be overridden, such as [freeze, soak].
           */
          gates:
            | (
                | "accept"
                | "from"
                | "set"
                | "pin"
                | "freeze"
                | "soak"
                | "window"
                | "rate"
                | "item"
                | "checks"
                | "approval"
                | "http"
                | "command"
                | "workflow"
                | "health"
                | "prometheus"
              )
            | (
                | "accept"
                | "from"
                | "set"
                | "pin"
                | "freeze"
                | "soak"
                | "window"
                | "rate"
                | "item"
                | "checks"
                | "approval"
                | "http"
                | "command"
                | "workflow"
                | "health"
                | "prometheus"
              )[];
          /**
           * Users who may override them.
           *
           * @minItems 1
           *
           * Items: A user's name on the forge, such as ada.
           */
          users?: string[];
          /**
           * Teams whose members may override them.
           *
           * @minItems 1
           *
           * Items: A team as org/team, such as acme/releasers; on GitLab the path of a group.
           */
          teams?: string[];
        }
      | {
          /**
           * The gates that may be overridden, such as [freeze, soak].
           */
          gates:
            | (
                | "accept"
                | "from"
                | "set"
                | "pin"
                | "freeze"
                | "soak"
                | "window"
                | "rate"
                | "item"
                | "checks"
                | "approval"
                | "http"
                | "command"
                | "workflow"
                | "health"
                | "prometheus"
              )
            | (
                | "accept"
                | "from"
                | "set"
                | "pin"
                | "freeze"
                | "soak"
                | "window"
                | "rate"
                | "item"
                | "checks"
                | "approval"
                | "http"
                | "command"
                | "workflow"
                | "health"
                | "prometheus"
              )[];
          /**
           * Users who may override them.
           *
           * @minItems 1
           *
           * Items: A user's name on the forge, such as ada.
           */
          users?: string[];
          /**
           * Teams whose members may override them.
           *
           * @minItems 1
           *
           * Items: A team as org/team, such as acme/releasers; on GitLab the path of a group.
           */
          teams?: string[];
        }[];
    /**
     * What must be seen of a release before it counts as good, such as { gates: [{ health: \u2026 }] }.
     */
    verify?: {
      /**
       * Gates that can tell of a release that it is good, each one key.
       *
       * @minItems 1
       */
      gates: (
        | Extract<
            Gate,
            | {checks: unknown}
            | {http: unknown}
            | {command: unknown}
            | {workflow: unknown}
            | {health: unknown}
            | {prometheus: unknown}
          >
        | GateFunction
      )[];
      /**
       * How long a release has until all of it is met, such as 30m; what is not met then fails it. Default 15m.
       */
      within?: string;
      /**
       * What follows when a release fails: rollback, it goes back to the last healthy one and is pinned there; hold, it goes no further; notify, people are told, and it may go further. Default hold.
       */
      "on-failure"?: "rollback" | "hold" | "notify";
    };
    /**
     * Changes are proposed by a pull or merge request for each app, and not committed.
     */
    propose?:
      | true
      | {
          /**
           * Whether it is opened as a draft.
           */
          draft?: boolean;
          /**
           * Labels that it gets.
           *
           * Items: A label's name.
           */
          labels?: string[];
          /**
           * Users and teams that are asked to review it.
           *
           * Items: Users and teams that are asked to review it.
           */
          reviewers?: string[];
          /**
           * Users that it is assigned to.
           *
           * Items: Users that it is assigned to.
           */
          assignees?: string[];
          /**
           * Whether the forge merges it by itself once all that it requires is met.
           */
          "auto-merge"?: boolean;
          /**
           * Template of its title.
           */
          title?: string;
          /**
           * Template of its text, in Markdown. {{ plan }} stands for the plan.
           */
          body?: string;
        };
    /**
     * How changes get there: commit, or pull-request, which is the same as propose: true.
     */
    strategy?: "commit" | "pull-request";
    /**
     * What people are told of releases there, on the forge.
     */
    notify?: {
      /**
       * Whether the source commit is marked with glu/released/<environment>.
       */
      status?: boolean;
      /**
       * Releases are deployments on the forge: true, or how.
       */
      deployment?:
        | boolean
        | {
            /**
             * Where the app can be reached there. Templates such as {{ app }} can stand in it.
             */
            url?: string;
            /**
             * What the environment is called on the forge. Templates such as {{ app }} can stand in it.
             */
            name?: string;
            /**
             * When a deployment is a success: when it is verified, or as soon as it is committed.
             */
            success?: "verified" | "committed";
          };
      /**
       * Whether the pull requests by which the changes came are told where they run.
       */
      comment?: boolean;
    };
    /**
     * The repository it lives in, when it is not the config's: owner/name, a URL without credentials, a path.
     */
    repository?: string;
    /**
     * The branch its files and records live in, when it is not the config's.
     */
    ref?: string;
  }
  /**
   * Which artifacts: every key that is given must match.
   */
  export interface Policy {
    /**
     * Events, any of which is enough.
     */
    event?:
      | (
          | "push"
          | "!push"
          | "tag"
          | "!tag"
          | "pr"
          | "!pr"
          | "release"
          | "!release"
          | "manual"
          | "!manual"
          | "request"
          | "!request"
          | "schedule"
          | "!schedule"
        )
      | (
          | "push"
          | "!push"
          | "tag"
          | "!tag"
          | "pr"
          | "!pr"
          | "release"
          | "!release"
          | "manual"
          | "!manual"
          | "request"
          | "!request"
          | "schedule"
          | "!schedule"
        )[];
    /**
     * Branches as globs, any of which is enough. '*' stays within one part of a/b.
     */
    branch?: string | string[];
    /**
     * Git tags as globs, any of which is enough.
     */
    tag?: string | string[];
    /**
     * Globs over the first line of the commit message, any of which is enough.
     */
    message?: string | string[];
  }
  /**
   * What is said of an app.
   */
  export interface App {
    /**
     * The app's source repository as the artifact names it: owner/name. {{ app }} may stand in it.
     */
    repository?: string;
    /**
     * The images the app consists of: key to name. Keys of several layers are merged.
     */
    images?: {
      /**
       * The image's repository without tag and digest, such as ghcr.io/acme/{{ app }}.
       */
      [k: string]: string;
    };
    /**
     * The environments the app goes through. Without it all.
     *
     * @minItems 1
     *
     * Items: The name of an environment above.
     */
    environments?: string[];
    /**
     * Whether the app's own manifests count. Without it they do nowhere.
     */
    manifests?: {
      /**
       * Environments in which the manifests count that the app's artifacts carry.
       */
      allow: string | string[];
    };
    /**
     * What a preview of the app is made of. Without it the app has none.
     */
    preview?: {
      /**
       * The folder with the manifests of a preview, templates all of them. {{ app }} may stand in it. With render: helm and a manifest it may be left out.
       */
      template?: string;
      /**
       * Where the folder is: config, the config repository; app, the app's repository, on the branch that the pull request goes into. Default config.
       */
      from?: "config" | "app";
      /**
       * Template of the host of each preview. Names in it are shortened, with a hash, until it fits. Without it a preview has none.
       */
      host?: string;
      /**
       * Template of the address that answers with 2xx when the preview is healthy: what wait asks. Without it nothing is asked.
       */
      health?: string;
      /**
       * When {{ preview.seed }}, the id of a preview's data, is another one: once, when the preview is made; per-sha, with each commit. Without it there is none.
       */
      seed?: "once" | "per-sha";
      /**
       * Which program of the runner makes manifests of the template: kustomize, which kubectl has as well, or helm. Without it whatever deploys them does.
       */
      render?: "kustomize" | "helm";
      /**
       * With render: helm, the chart. Without it the one of the app's manifest.
       */
      chart?: {
        /**
         * Its name in the repository, an oci:// address, or a folder as seen from the template's.
         */
        name: string;
        /**
         * https://\u2026 or oci://\u2026.
         */
        repository?: string;
        /**
         * Exactly one version.
         */
        version?: string;
        /**
         * Template of the release's name. Default the app's.
         */
        release?: string;
        /**
         * Files with values, as seen from the template's folder; the last one wins. Default values.yaml, where it is.
         */
        "value-files"?: string | string[];
      };
      /**
       * A folder in the config repository. Its folder <n> has files that are different for pull request n: values merge with the template's, manifests replace them.
       */
      overrides?: string;
      /**
       * The file in the app's repository that has its manifest with preview: true, on the branch that the pull request goes into. Without it the app's own counts nowhere.
       */
      manifest?: string;
    };
    /**
     * Where new versions come from, beside what CI builds. It replaces what a more general layer says.
     *
     * @minItems 1
     */
    sources?: (
      | {
          /**
           * The image's repository without tag and digest, such as ghcr.io/acme/{{ app }}.
           */
          oci: string;
          /**
           * Further images: a tag counts when all of them have it.
           */
          set?: string | string[];
          /**
           * A tag that moves, such as main: each new digest is a version.
           */
          tag?: string;
          /**
           * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
           */
          semver?: string;
          /**
           * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
           */
          build?: "number" | "date";
          /**
           * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
           */
          prereleases?: boolean;
          /**
           * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
           */
          pattern?: string;
          /**
           * Names that never count.
           */
          ignore?: string | string[];
          /**
           * How many of the newest versions become artifacts: 1 to 50. Without it 1.
           */
          limit?: number;
          /**
           * What comes along: of each the newest goes into the same artifact.
           */
          with?: (
            | {
                /**
                 * The image's repository without tag and digest, such as ghcr.io/acme/{{ app }}.
                 */
                oci: string;
                /**
                 * Further images: a tag counts when all of them have it.
                 */
                set?: string | string[];
                /**
                 * A tag that moves, such as main: each new digest is a version.
                 */
                tag?: string;
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
            | {
                /**
                 * Where charts are: the URL of an HTTP repository, or oci:// with host and path but without the chart.
                 */
                helm: string;
                /**
                 * The chart's name. {{ app }} may stand in it.
                 */
                chart: string;
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
            | {
                /**
                 * A Git repository: a URL without credentials, or owner/name beside the config repository.
                 */
                git: string;
                /**
                 * A branch: each new commit is a version. Without it tags are followed.
                 */
                branch?: string;
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
            | {
                /**
                 * A repository on a forge as owner/name.
                 */
                releases: string;
                /**
                 * The forge that the repository is on.
                 */
                on: "github" | "gitlab";
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
          )[];
        }
      | {
          /**
           * Where charts are: the URL of an HTTP repository, or oci:// with host and path but without the chart.
           */
          helm: string;
          /**
           * The chart's name. {{ app }} may stand in it.
           */
          chart: string;
          /**
           * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
           */
          semver?: string;
          /**
           * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
           */
          build?: "number" | "date";
          /**
           * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
           */
          prereleases?: boolean;
          /**
           * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
           */
          pattern?: string;
          /**
           * Names that never count.
           */
          ignore?: string | string[];
          /**
           * How many of the newest versions become artifacts: 1 to 50. Without it 1.
           */
          limit?: number;
          /**
           * What comes along: of each the newest goes into the same artifact.
           */
          with?: (
            | {
                /**
                 * The image's repository without tag and digest, such as ghcr.io/acme/{{ app }}.
                 */
                oci: string;
                /**
                 * Further images: a tag counts when all of them have it.
                 */
                set?: string | string[];
                /**
                 * A tag that moves, such as main: each new digest is a version.
                 */
                tag?: string;
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
            | {
                /**
                 * Where charts are: the URL of an HTTP repository, or oci:// with host and path but without the chart.
                 */
                helm: string;
                /**
                 * The chart's name. {{ app }} may stand in it.
                 */
                chart: string;
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
            | {
                /**
                 * A Git repository: a URL without credentials, or owner/name beside the config repository.
                 */
                git: string;
                /**
                 * A branch: each new commit is a version. Without it tags are followed.
                 */
                branch?: string;
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
            | {
                /**
                 * A repository on a forge as owner/name.
                 */
                releases: string;
                /**
                 * The forge that the repository is on.
                 */
                on: "github" | "gitlab";
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
          )[];
        }
      | {
          /**
           * A Git repository: a URL without credentials, or owner/name beside the config repository.
           */
          git: string;
          /**
           * A branch: each new commit is a version. Without it tags are followed.
           */
          branch?: string;
          /**
           * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
           */
          semver?: string;
          /**
           * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
           */
          build?: "number" | "date";
          /**
           * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
           */
          prereleases?: boolean;
          /**
           * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
           */
          pattern?: string;
          /**
           * Names that never count.
           */
          ignore?: string | string[];
          /**
           * How many of the newest versions become artifacts: 1 to 50. Without it 1.
           */
          limit?: number;
          /**
           * What comes along: of each the newest goes into the same artifact.
           */
          with?: (
            | {
                /**
                 * The image's repository without tag and digest, such as ghcr.io/acme/{{ app }}.
                 */
                oci: string;
                /**
                 * Further images: a tag counts when all of them have it.
                 */
                set?: string | string[];
                /**
                 * A tag that moves, such as main: each new digest is a version.
                 */
                tag?: string;
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
            | {
                /**
                 * Where charts are: the URL of an HTTP repository, or oci:// with host and path but without the chart.
                 */
                helm: string;
                /**
                 * The chart's name. {{ app }} may stand in it.
                 */
                chart: string;
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
            | {
                /**
                 * A Git repository: a URL without credentials, or owner/name beside the config repository.
                 */
                git: string;
                /**
                 * A branch: each new commit is a version. Without it tags are followed.
                 */
                branch?: string;
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
            | {
                /**
                 * A repository on a forge as owner/name.
                 */
                releases: string;
                /**
                 * The forge that the repository is on.
                 */
                on: "github" | "gitlab";
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
          )[];
        }
      | {
          /**
           * A repository on a forge as owner/name.
           */
          releases: string;
          /**
           * The forge that the repository is on.
           */
          on: "github" | "gitlab";
          /**
           * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
           */
          semver?: string;
          /**
           * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
           */
          build?: "number" | "date";
          /**
           * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
           */
          prereleases?: boolean;
          /**
           * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
           */
          pattern?: string;
          /**
           * Names that never count.
           */
          ignore?: string | string[];
          /**
           * How many of the newest versions become artifacts: 1 to 50. Without it 1.
           */
          limit?: number;
          /**
           * What comes along: of each the newest goes into the same artifact.
           */
          with?: (
            | {
                /**
                 * The image's repository without tag and digest, such as ghcr.io/acme/{{ app }}.
                 */
                oci: string;
                /**
                 * Further images: a tag counts when all of them have it.
                 */
                set?: string | string[];
                /**
                 * A tag that moves, such as main: each new digest is a version.
                 */
                tag?: string;
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
            | {
                /**
                 * Where charts are: the URL of an HTTP repository, or oci:// with host and path but without the chart.
                 */
                helm: string;
                /**
                 * The chart's name. {{ app }} may stand in it.
                 */
                chart: string;
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
            | {
                /**
                 * A Git repository: a URL without credentials, or owner/name beside the config repository.
                 */
                git: string;
                /**
                 * A branch: each new commit is a version. Without it tags are followed.
                 */
                branch?: string;
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
            | {
                /**
                 * A repository on a forge as owner/name.
                 */
                releases: string;
                /**
                 * The forge that the repository is on.
                 */
                on: "github" | "gitlab";
                /**
                 * A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.
                 */
                semver?: string;
                /**
                 * The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.
                 */
                build?: "number" | "date";
                /**
                 * Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.
                 */
                prereleases?: boolean;
                /**
                 * A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.
                 */
                pattern?: string;
                /**
                 * Names that never count.
                 */
                ignore?: string | string[];
              }
          )[];
        }
    )[];
    /**
     * What a promotion writes. It replaces what a more general layer says.
     *
     * @minItems 1
     */
    write?: Write[];
  }

  export interface Artifact {
    schema: "glu.artifact.v1";
    id: string;
    app: string;
    created: string;
    version: {
      repositoryName: string;
      sha: string;
      branch: string;
      event: "push" | "tag" | "pr" | "release" | "manual" | "request" | "schedule";
      sourceBranch?: string;
      targetBranch?: string;
      tag?: string;
      authorName?: string;
      authorEmail?: string;
      committerName?: string;
      committerEmail?: string;
      message?: string;
      url?: string;
    };
    committedAt: string;
    firstCommitAt?: string;
    images: {
      [k: string]: {
        name: string;
        tag?: string;
        digest: string;
        /**
         * What deploys: name, ':' and tag where there is one, '@' and digest, as they stand here.
         */
        ref: string;
      };
    };
    context: {
      [k: string]: string;
    };
    environments: {
      app: string;
      env: string;
      namespace?: string;
      chart?: {
        name: string;
        repository?: string;
        version?: string;
        [k: string]: unknown;
      };
      values?: {
        [k: string]: unknown;
      };
      [k: string]: unknown;
    }[];
    items: {
      name: string;
      url?: string;
      [k: string]: unknown;
    }[];
    vars: {
      [k: string]: string;
    };
    run?: {
      host: string;
      id?: string;
      number?: number;
      attempt?: number;
      workflow?: string;
      url?: string;
    };
    trace?: {
      traceparent: string;
      chainId: string;
    };
    importedId?: string;
    signatures?: unknown[];
  }

  /** What a gate's function is told of the promotion that it may hold. */
  export interface GateContext {
      /** The app's name. */
      app: string;
      /** The environment's name. */
      environment: string;
      tier: string | null;
      /** What shall be released. */
      artifact: Artifact;
      /** Asked for by name, not started by a policy. */
      explicit: boolean;
      /** Who asked. \`verified\`: the forge says so. */
      actor: {
          name: string;
          verified: boolean;
      };
      /** The reason that was given. */
      reason: string | null;
      /** When the run looks, in milliseconds since the epoch. Use it, not the clock: a decision is a function of its inputs. */
      now: number;
  }
  /** What a gate's function answers. */
  export interface GateAnswer {
      met: boolean;
      /** What was seen, on one line of at most 500 characters. People read it in the summary. */
      seen: string;
      /** Since when it is so, as ISO 8601 with its zone: \`2026-01-05T09:00:00Z\`. */
      since?: string;
      /** Who or what can clear it, on one line of at most 200 characters. */
      clearedBy?: string;
      /** When it clears by itself, as ISO 8601 with its zone. What has passed is left out. */
      clearsAt?: string;
  }

  /**
   * A condition as a function. It computes: there is no network, no file and no other package. What it throws, and what is
   * no answer, holds the promotion.
   */
  export type GateFunction = (context: GateContext) => GateAnswer | Promise<GateAnswer>;
  export interface GateOptions {
      /** How long it may take, such as \`30s\`; at most \`1d\`. Default \`10s\`. */
      timeout?: string;
  }
  /**
   * Gives a function a name that people read, and a time limit of its own.
   * @param name one line of at most 63 characters
   */
  export function gate(name: string, check: GateFunction, { timeout }?: GateOptions): GateFunction;

  /** Gives a pipeline its type, and is the pipeline as it was given. */
  export function defineConfig(config: Config): Config;
}
`;var a=n(22007);async function t(){return(0,a.Z)({kind:"file",schema:"glu.types.v1",result:"printed",headline:"The types of @glu/sdk",language:"ts",text:e,data:{types:e}})}}),22007:((o,s,n)=>{n.d(s,{M:()=>a,Z:()=>e});function e(t,r=0){return{exitCode:r,outputs:{},report:t,notices:[]}}function a(t,r=0){return e({kind:"page",...t},r)}})};export{i as id,h as ids,m as modules};
