const I=206,Y=[206],b={206:((x,g,r)=>{r.a(x,async($,l)=>{try{r.r(g);var O=r(1968);await(0,O.i)(process.argv.slice(2)),l()}catch(m){l(m)}},1)}),1968:((x,g,r)=>{r.d(g,{i:()=>T});var $=r(807),l=r(6806),O=r(346);function m(e){return Object.entries(e.inputs).filter(([,n])=>n.hosts.includes("cli"))}function u(e){return m(e).filter(([,n])=>n.position===void 0).map(([n,t])=>{const i=t.kind!=="flag",o=`--${n}${i?` <${t.placeholder}>`:""}`;return{name:n,flags:t.short===void 0?o:`-${t.short}, ${o}`,short:t.short,description:t.description,value:i,repeatable:t.kind==="list",negatable:!i,required:t.required,choices:t.choices,default:i?t.default:void 0,hidden:t.hidden,variable:(0,O.cG)(n)}})}function y(e){return m(e).filter(([,n])=>n.position!==void 0).sort(([,n],[,t])=>(n.position??0)-(t.position??0)).map(([n,{description:t,required:i,kind:o}])=>({name:n,description:t,required:i,repeatable:o==="list"}))}var d=r(544);const h=["bash","zsh","fish"];function v(e){const n=l.Pi.map(t=>({command:t.cli,flags:u(t).filter(({hidden:i})=>!i)}));if(e==="fish")return j(n);if(e==="bash")return P(n);if(e==="zsh")return`autoload -U +X bashcompinit && bashcompinit
${P(n)}`;throw new $.yo("usage/shell",`There is no completion for ${JSON.stringify(e)}.`,{seen:e,fix:`Give one of ${h.join(", ")}.`})}const S=({flags:e})=>[...e.map(({name:n})=>`--${n}`),"--help"].join(" ");function P(e){const n=[...new Set(e.map(({command:o})=>o.split(" ")[0])),"completion"].join(" "),t=[...new Set(e.filter(({command:o})=>o.includes(" ")).map(({command:o})=>o.split(" ")[0]))];return`_glu() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]:-}"
  case "$before" in
${[...new Map(e.flatMap(({flags:o})=>o).filter(o=>o.choices.length>0).map(o=>[o.name,o.choices]))].map(([o,a])=>`    --${o}) COMPREPLY=($(compgen -W "${a.join(" ")}" -- "$word")); return ;;`).join(`
`)}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${n}" -- "$word")); return; fi
  case "$command" in
${t.map(o=>`    ${o}) if [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W "${e.filter(({command:a})=>a.startsWith(`${o} `)).map(({command:a})=>a.split(" ")[1]).join(" ")}" -- "$word")); return; fi; command="$command \${COMP_WORDS[2]:-}" ;;`).join(`
`)}
    completion) COMPREPLY=($(compgen -W "${h.join(" ")}" -- "$word")); return ;;
  esac
  case "$command" in
${e.map(o=>`    "${o.command}") COMPREPLY=($(compgen -W "${S(o)}" -- "$word")) ;;`).join(`
`)}
  esac
}
complete -o default -F _glu glu
`}function j(e){const t=["complete -c glu -f",`complete -c glu -n __fish_use_subcommand -a "${[...new Set(e.map(({command:i})=>i.split(" ")[0])),"completion"].join(" ")}"`];for(const{command:i,flags:o}of e){const[a,s]=i.split(" "),c=s===void 0?`__fish_seen_subcommand_from ${a}`:`__fish_seen_subcommand_from ${a}; and __fish_seen_subcommand_from ${s}`;s!==void 0&&t.push(`complete -c glu -n "__fish_seen_subcommand_from ${a}" -a "${s}"`);for(const f of o){const C=f.choices.length===0?"":` -x -a "${f.choices.join(" ")}"`;t.push(`complete -c glu -n "${c}" -l ${f.name}${C}`)}}return t.push(`complete -c glu -n "__fish_seen_subcommand_from completion" -a "${h.join(" ")}"`),`${t.join(`
`)}
`}const w=`Delivery as code, in the CI you already have.

Start here:
  glu demo                                   a whole delivery on this machine, in seconds
  glu validate                               check glu.yaml before you push it
  glu plan --app web --environment staging   what would happen, and why not

Every flag can also be given as a variable: --config-repository is GLU_INPUT_CONFIG_REPOSITORY.
The token is only ever read from GLU_TOKEN. Exit codes: 0 done, 1 a bug, 2 usage or configuration,
3 refused or held, 4 an outside system failed.`;function M(e){let n,t="";const i=s=>s.exitOverride().configureOutput({writeOut:c=>{t+=c},writeErr:()=>{}}).showSuggestionAfterError().helpCommand(!1),o=i(new d.uB("glu")).description(w).usage("<command> [flags]"),a=new Map;for(const s of l.Pi){const c=s.cli.split(" "),f=c.at(-1)??s.cli,C=c.length===1?o:E(o,a,c[0]??"",i),p=i(C.command(f)).summary(s.summary).description(s.description);R(p,s),p.addHelpText("after",D(s)),p.action((...z)=>{n={kind:"command",definition:s,raw:A(s,p,z)}})}i(o.command("completion")).summary("Print a completion script for your shell").argument("<shell>",h.join(", ")).addHelpText("after",`
Examples:
  source <(glu completion bash)
  glu completion fish > ~/.config/fish/completions/glu.fish
`).action(s=>{n={kind:"text",text:v(s),exitCode:0}});try{o.parse(e.length===0?["--help"]:[...e],{from:"user"})}catch(s){if(!(s instanceof d.b7))throw s;if(s.exitCode===0)return{kind:"text",text:t,exitCode:0};if(s.code==="commander.help")return{kind:"text",text:o.helpInformation(),exitCode:2};throw L(s)}return n??{kind:"text",text:o.helpInformation(),exitCode:2}}function E(e,n,t,i){const o=n.get(t);if(o!==void 0)return o;const a=i(e.command(t)).summary("Make, extend, show and list release artifacts");return n.set(t,a),a}function R(e,n){for(const{name:t,description:i,required:o,repeatable:a}of y(n)){const s=`${t}${a?"...":""}`;e.argument(`[${s}]`,o?`${i} (required)`:i)}for(const t of u(n))e.addOption(W(t));for(const t of u(n).filter(({negatable:i})=>i))e.addOption(new d.c$(`--no-${t.name}`).hideHelp())}function W(e){const n=new d.c$(e.flags,e.description);return e.hidden&&n.hideHelp(),e.repeatable&&n.argParser((t,i)=>[...i??[],t]),n}function A(e,n,t){const i={};y(e).forEach(({name:o},a)=>{const s=t[a];typeof s=="string"?i[o]=s:Array.isArray(s)&&(i[o]=s.map(String))});for(const o of u(e)){const a=new d.c$(o.flags).attributeName();if(n.getOptionValueSource(a)!=="cli")continue;const s=n.getOptionValue(a);i[o.name]=Array.isArray(s)?s.map(String):String(s)}return i}function D({examples:e}){return e.length===0?"":`
Examples:
${e.map(({title:n,run:t})=>`  # ${n}
  ${t}`).join(`
`)}
`}function L(e){const[n="",...t]=e.message.replace(/^error: /,"").split(`
`);return new $.yo(`usage/${e.code.replace(/^commander\./,"")}`,`${n.charAt(0).toUpperCase()}${n.slice(1)}.`,{fix:t.join(" ").replace(/^\((.*)\)$/,"$1")||"'glu --help' lists the commands, 'glu <command> --help' their flags."})}async function U(e){const n=await Promise.all([r.e(129),r.e(382),r.e(471),r.e(100),r.e(925),r.e(618)]).then(r.bind(r,6618)),i={validate:n.runValidate,"build-artifact":n.runBuildArtifact,"artifact-add":n.runArtifactAdd,"artifact-show":n.runArtifactShow,"artifact-list":n.runArtifactList,plan:n.runPlan,promote:n.runPromote,status:n.runStatus,history:n.runHistory,pin:n.runPin,unpin:n.runUnpin,freeze:n.runFreeze,unfreeze:n.runUnfreeze,doctor:n.runDoctor,version:n.runVersion,demo:(await Promise.all([r.e(129),r.e(382),r.e(471),r.e(100),r.e(925),r.e(193)]).then(r.bind(r,8193))).runDemo}[e];if(i===void 0)throw new Error(`nothing runs ${e}`);return i}async function T(e){const{presentUsageFailure:n,runCommand:t}=await Promise.all([r.e(129),r.e(382),r.e(471),r.e(100),r.e(925),r.e(618)]).then(r.bind(r,6618));try{const i=M(e);if(i.kind==="text"){process.stdout.write(i.text),process.exitCode=i.exitCode;return}const{definition:o,raw:a}=i;process.exitCode=await t(o,a,await U(o.name))}catch(i){process.exitCode=await n(i)}}})};export{I as id,Y as ids,b as modules};
