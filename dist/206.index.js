const z=206,Y=[206],b={206:((C,g,r)=>{r.a(C,async($,l)=>{try{r.r(g);var O=r(1968);await(0,O.i)(process.argv.slice(2)),l()}catch(m){l(m)}},1)}),1968:((C,g,r)=>{r.d(g,{i:()=>I});var $=r(807),l=r(7389),O=r(346);function m(t){return Object.entries(t.inputs).filter(([,n])=>n.hosts.includes("cli"))}function u(t){return m(t).filter(([,n])=>n.position===void 0).map(([n,e])=>{const i=e.kind!=="flag",o=`--${n}${i?` <${e.placeholder}>`:""}`;return{name:n,flags:e.short===void 0?o:`-${e.short}, ${o}`,short:e.short,description:e.description,value:i,repeatable:e.kind==="list",negatable:!i,required:e.required,choices:e.choices,default:i?e.default:void 0,hidden:e.hidden,variable:(0,O.cG)(n)}})}function y(t){return m(t).filter(([,n])=>n.position!==void 0).sort(([,n],[,e])=>(n.position??0)-(e.position??0)).map(([n,{description:e,required:i,kind:o}])=>({name:n,description:e,required:i,repeatable:o==="list"}))}var d=r(544);const h=["bash","zsh","fish"];function v(t){const n=l.Pi.map(e=>({command:e.cli,flags:u(e).filter(({hidden:i})=>!i)}));if(t==="fish")return S(n);if(t==="bash")return P(n);if(t==="zsh")return`autoload -U +X bashcompinit && bashcompinit
${P(n)}`;throw new $.yo("usage/shell",`There is no completion for ${JSON.stringify(t)}.`,{seen:t,fix:`Give one of ${h.join(", ")}.`})}const w=({flags:t})=>[...t.map(({name:n})=>`--${n}`),"--help"].join(" ");function P(t){const n=[...new Set(t.map(({command:o})=>o.split(" ")[0])),"completion"].join(" "),e=[...new Set(t.filter(({command:o})=>o.includes(" ")).map(({command:o})=>o.split(" ")[0]))];return`_glu() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]:-}"
  case "$before" in
${[...new Map(t.flatMap(({flags:o})=>o).filter(o=>o.choices.length>0).map(o=>[o.name,o.choices]))].map(([o,a])=>`    --${o}) COMPREPLY=($(compgen -W "${a.join(" ")}" -- "$word")); return ;;`).join(`
`)}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${n}" -- "$word")); return; fi
  case "$command" in
${e.map(o=>`    ${o}) if [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W "${t.filter(({command:a})=>a.startsWith(`${o} `)).map(({command:a})=>a.split(" ")[1]).join(" ")}" -- "$word")); return; fi; command="$command \${COMP_WORDS[2]:-}" ;;`).join(`
`)}
    completion) COMPREPLY=($(compgen -W "${h.join(" ")}" -- "$word")); return ;;
  esac
  case "$command" in
${t.map(o=>`    "${o.command}") COMPREPLY=($(compgen -W "${w(o)}" -- "$word")) ;;`).join(`
`)}
  esac
}
complete -o default -F _glu glu
`}function S(t){const e=["complete -c glu -f",`complete -c glu -n __fish_use_subcommand -a "${[...new Set(t.map(({command:i})=>i.split(" ")[0])),"completion"].join(" ")}"`];for(const{command:i,flags:o}of t){const[a,s]=i.split(" "),c=s===void 0?`__fish_seen_subcommand_from ${a}`:`__fish_seen_subcommand_from ${a}; and __fish_seen_subcommand_from ${s}`;s!==void 0&&e.push(`complete -c glu -n "__fish_seen_subcommand_from ${a}" -a "${s}"`);for(const f of o){const x=f.choices.length===0?"":` -x -a "${f.choices.join(" ")}"`;e.push(`complete -c glu -n "${c}" -l ${f.name}${x}`)}}return e.push(`complete -c glu -n "__fish_seen_subcommand_from completion" -a "${h.join(" ")}"`),`${e.join(`
`)}
`}const j=`Delivery as code, in the CI you already have.

Start here:
  glu demo                                   a whole delivery on this machine, in seconds
  glu validate                               check glu.yaml before you push it
  glu plan --app web --environment staging   what would happen, and why not

Every flag can also be given as a variable: --config-repository is GLU_INPUT_CONFIG_REPOSITORY.
The token is only ever read from GLU_TOKEN. Exit codes: 0 done, 1 a bug, 2 usage or configuration,
3 refused or held, 4 an outside system failed.`;function M(t){let n,e="";const i=s=>s.exitOverride().configureOutput({writeOut:c=>{e+=c},writeErr:()=>{}}).showSuggestionAfterError().helpCommand(!1),o=i(new d.uB("glu")).description(j).usage("<command> [flags]"),a=new Map;for(const s of l.Pi){const c=s.cli.split(" "),f=c.at(-1)??s.cli,x=c.length===1?o:E(o,a,c[0]??"",i),p=i(x.command(f)).summary(s.summary).description(s.description);R(p,s),p.addHelpText("after",D(s)),p.action((...T)=>{n={kind:"command",definition:s,raw:W(s,p,T)}})}i(o.command("completion")).summary("Print a completion script for your shell").argument("<shell>",h.join(", ")).addHelpText("after",`
Examples:
  source <(glu completion bash)
  glu completion fish > ~/.config/fish/completions/glu.fish
`).action(s=>{n={kind:"text",text:v(s),exitCode:0}});try{o.parse(t.length===0?["--help"]:[...t],{from:"user"})}catch(s){if(!(s instanceof d.b7))throw s;if(s.exitCode===0)return{kind:"text",text:e,exitCode:0};if(s.code==="commander.help")return{kind:"text",text:o.helpInformation(),exitCode:2};throw L(s)}return n??{kind:"text",text:o.helpInformation(),exitCode:2}}function E(t,n,e,i){const o=n.get(e);if(o!==void 0)return o;const a=i(t.command(e)).summary("Make, extend, show and list release artifacts");return n.set(e,a),a}function R(t,n){for(const{name:e,description:i,required:o,repeatable:a}of y(n)){const s=`${e}${a?"...":""}`;t.argument(`[${s}]`,o?`${i} (required)`:i)}for(const e of u(n))t.addOption(A(e));for(const e of u(n).filter(({negatable:i})=>i))t.addOption(new d.c$(`--no-${e.name}`).hideHelp())}function A(t){const n=new d.c$(t.flags,t.description);return t.hidden&&n.hideHelp(),t.repeatable&&n.argParser((e,i)=>[...i??[],e]),n}function W(t,n,e){const i={};y(t).forEach(({name:o},a)=>{const s=e[a];typeof s=="string"?i[o]=s:Array.isArray(s)&&(i[o]=s.map(String))});for(const o of u(t)){const a=new d.c$(o.flags).attributeName();if(n.getOptionValueSource(a)!=="cli")continue;const s=n.getOptionValue(a);i[o.name]=Array.isArray(s)?s.map(String):String(s)}return i}function D({examples:t}){return t.length===0?"":`
Examples:
${t.map(({title:n,run:e})=>`  # ${n}
  ${e}`).join(`
`)}
`}function L(t){const n=t.message.replace(/^error: /,"").replace(/^(unknown option '-[^=']*)=.*'/s,"$1'"),[e="",...i]=n.split(`
`);return new $.yo(`usage/${t.code.replace(/^commander\./,"")}`,`${e.charAt(0).toUpperCase()}${e.slice(1)}.`,{fix:i.join(" ").replace(/^\((.*)\)$/,"$1")||"'glu --help' lists the commands, 'glu <command> --help' their flags."})}async function U(t){const n=await Promise.all([r.e(129),r.e(382),r.e(394),r.e(100),r.e(925),r.e(255)]).then(r.bind(r,5255)),i={validate:n.runValidate,"build-artifact":n.runBuildArtifact,"artifact-add":n.runArtifactAdd,"artifact-import":n.runArtifactImport,"artifact-show":n.runArtifactShow,"artifact-list":n.runArtifactList,plan:n.runPlan,promote:n.runPromote,status:n.runStatus,history:n.runHistory,pin:n.runPin,unpin:n.runUnpin,freeze:n.runFreeze,unfreeze:n.runUnfreeze,doctor:n.runDoctor,version:n.runVersion,demo:(await Promise.all([r.e(129),r.e(382),r.e(394),r.e(100),r.e(925),r.e(193)]).then(r.bind(r,8193))).runDemo}[t];if(i===void 0)throw new Error(`nothing runs ${t}`);return i}async function I(t){const{presentUsageFailure:n,runCommand:e}=await Promise.all([r.e(129),r.e(382),r.e(394),r.e(100),r.e(925),r.e(255)]).then(r.bind(r,5255));try{const i=M(t);if(i.kind==="text"){process.stdout.write(i.text),process.exitCode=i.exitCode;return}const{definition:o,raw:a}=i;process.exitCode=await e(o,a,await U(o.name))}catch(i){process.exitCode=await n(i)}}})};export{z as id,Y as ids,b as modules};
