const Y=206,b=[206],G={206:((C,g,s)=>{s.a(C,async($,d)=>{try{s.r(g);var O=s(1968);await(0,O.i)(process.argv.slice(2)),d()}catch(m){d(m)}},1)}),1968:((C,g,s)=>{s.d(g,{i:()=>T});var $=s(807),d=s(7389),O=s(346);function m(t){return Object.entries(t.inputs).filter(([,n])=>n.hosts.includes("cli"))}function u(t){return m(t).filter(([,n])=>n.position===void 0).map(([n,e])=>{const i=e.kind!=="flag",o=`--${n}${i?` <${e.placeholder}>`:""}`;return{name:n,flags:e.short===void 0?o:`-${e.short}, ${o}`,short:e.short,description:e.description,value:i,repeatable:e.kind==="list",negatable:!i,required:e.required,choices:e.choices,default:i?e.default:void 0,hidden:e.hidden,variable:(0,O.cG)(n)}})}function y(t){return m(t).filter(([,n])=>n.position!==void 0).sort(([,n],[,e])=>(n.position??0)-(e.position??0)).map(([n,{description:e,required:i,kind:o}])=>({name:n,description:e,required:i,repeatable:o==="list"}))}var f=s(544);const h=["bash","zsh","fish"];function v(t){const n=d.Pi.map(e=>({command:e.cli,flags:u(e).filter(({hidden:i})=>!i)}));if(t==="fish")return S(n);if(t==="bash")return P(n);if(t==="zsh")return`autoload -U +X bashcompinit && bashcompinit
${P(n)}`;throw new $.yo("usage/shell",`There is no completion for ${JSON.stringify(t)}.`,{seen:t,fix:`Give one of ${h.join(", ")}.`})}const w=({flags:t})=>[...t.map(({name:n})=>`--${n}`),"--help"].join(" ");function P(t){const n=[...new Set(t.map(({command:o})=>o.split(" ")[0])),"completion"].join(" "),e=[...new Set(t.filter(({command:o})=>o.includes(" ")).map(({command:o})=>o.split(" ")[0]))];return`_glu() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]:-}"
  case "$before" in
${[...new Map(t.flatMap(({flags:o})=>o).filter(o=>o.choices.length>0).map(o=>[o.name,o.choices]))].map(([o,r])=>`    --${o}) COMPREPLY=($(compgen -W "${r.join(" ")}" -- "$word")); return ;;`).join(`
`)}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${n}" -- "$word")); return; fi
  case "$command" in
${e.map(o=>`    ${o}) if [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W "${t.filter(({command:r})=>r.startsWith(`${o} `)).map(({command:r})=>r.split(" ")[1]).join(" ")}" -- "$word")); return; fi; command="$command \${COMP_WORDS[2]:-}" ;;`).join(`
`)}
    completion) COMPREPLY=($(compgen -W "${h.join(" ")}" -- "$word")); return ;;
  esac
  case "$command" in
${t.map(o=>`    "${o.command}") COMPREPLY=($(compgen -W "${w(o)}" -- "$word")) ;;`).join(`
`)}
  esac
}
complete -o default -F _glu glu
`}function S(t){const e=["complete -c glu -f",`complete -c glu -n __fish_use_subcommand -a "${[...new Set(t.map(({command:i})=>i.split(" ")[0])),"completion"].join(" ")}"`];for(const{command:i,flags:o}of t){const[r,c]=i.split(" "),a=c===void 0?`__fish_seen_subcommand_from ${r}`:`__fish_seen_subcommand_from ${r}; and __fish_seen_subcommand_from ${c}`;c!==void 0&&e.push(`complete -c glu -n "__fish_seen_subcommand_from ${r}" -a "${c}"`);for(const l of o){const x=l.choices.length===0?"":` -x -a "${l.choices.join(" ")}"`;e.push(`complete -c glu -n "${a}" -l ${l.name}${x}`)}}return e.push(`complete -c glu -n "__fish_seen_subcommand_from completion" -a "${h.join(" ")}"`),`${e.join(`
`)}
`}const j=`Delivery as code, in the CI you already have.

Start here:
  glu demo                                   a whole delivery on this machine, in seconds
  glu validate                               check glu.yaml before you push it
  glu plan --app web --environment staging   what would happen, and why not

Every flag can also be given as a variable: --config-repository is GLU_INPUT_CONFIG_REPOSITORY.
The token is only ever read from GLU_TOKEN. Exit codes: 0 done, 1 a bug, 2 usage or configuration,
3 refused or held, 4 an outside system failed.`;function M(t){let n,e="",i="";const o=a=>a.exitOverride().configureOutput({writeOut:l=>{e+=l},writeErr:l=>{i+=l}}).showSuggestionAfterError().helpCommand(!1),r=o(new f.uB("glu")).description(j).usage("<command> [flags]"),c=new Map;for(const a of d.Pi){const l=a.cli.split(" "),x=l.at(-1)??a.cli,z=l.length===1?r:E(r,c,l[0]??"",o),p=o(z.command(x)).summary(a.summary).description(a.description);R(p,a),p.addHelpText("after",D(a)),p.action((...I)=>{n={kind:"command",definition:a,raw:W(a,p,I)}})}o(r.command("completion")).summary("Print a completion script for your shell").argument("<shell>",h.join(", ")).addHelpText("after",`
Examples:
  source <(glu completion bash)
  glu completion fish > ~/.config/fish/completions/glu.fish
`).action(a=>{n={kind:"text",text:v(a),exitCode:0}});try{r.parse(t.length===0?["--help"]:[...t],{from:"user"})}catch(a){if(!(a instanceof f.b7))throw a;if(a.exitCode===0)return{kind:"text",text:e,exitCode:0};if(a.code==="commander.help")return{kind:"text",text:i,exitCode:2};throw L(a)}return n??{kind:"text",text:r.helpInformation(),exitCode:2}}function E(t,n,e,i){const o=n.get(e);if(o!==void 0)return o;const r=i(t.command(e)).summary("Make, extend, show and list release artifacts");return n.set(e,r),r}function R(t,n){for(const{name:e,description:i,required:o,repeatable:r}of y(n)){const c=`${e}${r?"...":""}`;t.argument(`[${c}]`,o?`${i} (required)`:i)}for(const e of u(n))t.addOption(A(e));for(const e of u(n).filter(({negatable:i})=>i))t.addOption(new f.c$(`--no-${e.name}`).hideHelp())}function A(t){const n=new f.c$(t.flags,t.description);return t.hidden&&n.hideHelp(),t.repeatable&&n.argParser((e,i)=>[...i??[],e]),n}function W(t,n,e){const i={};y(t).forEach(({name:o},r)=>{const c=e[r];typeof c=="string"?i[o]=c:Array.isArray(c)&&(i[o]=c.map(String))});for(const o of u(t)){const r=new f.c$(o.flags).attributeName();if(n.getOptionValueSource(r)!=="cli")continue;const c=n.getOptionValue(r);i[o.name]=Array.isArray(c)?c.map(String):String(c)}return i}function D({examples:t}){return t.length===0?"":`
Examples:
${t.map(({title:n,run:e})=>`  # ${n}
  ${e}`).join(`
`)}
`}function L(t){const n=t.message.replace(/^error: /,"").replace(/^(unknown option '-[^=']*)=.*'/s,"$1'"),[e="",...i]=n.split(`
`);return new $.yo(`usage/${t.code.replace(/^commander\./,"")}`,`${e.charAt(0).toUpperCase()}${e.slice(1)}.`,{fix:i.join(" ").replace(/^\((.*)\)$/,"$1")||"'glu --help' lists the commands, 'glu <command> --help' their flags."})}async function U(t){const n=await Promise.all([s.e(129),s.e(382),s.e(740),s.e(234),s.e(925),s.e(255)]).then(s.bind(s,5255)),i={validate:n.runValidate,"build-artifact":n.runBuildArtifact,"artifact-add":n.runArtifactAdd,"artifact-import":n.runArtifactImport,"artifact-show":n.runArtifactShow,"artifact-list":n.runArtifactList,plan:n.runPlan,promote:n.runPromote,status:n.runStatus,history:n.runHistory,pin:n.runPin,unpin:n.runUnpin,freeze:n.runFreeze,unfreeze:n.runUnfreeze,doctor:n.runDoctor,version:n.runVersion,demo:(await Promise.all([s.e(129),s.e(382),s.e(740),s.e(234),s.e(925),s.e(193)]).then(s.bind(s,8193))).runDemo}[t];if(i===void 0)throw new Error(`nothing runs ${t}`);return i}async function T(t){const{presentUsageFailure:n,runCommand:e}=await Promise.all([s.e(129),s.e(382),s.e(740),s.e(234),s.e(925),s.e(255)]).then(s.bind(s,5255));try{const i=M(t);if(i.kind==="text"){process.stdout.write(i.text),process.exitCode=i.exitCode;return}const{definition:o,raw:r}=i;process.exitCode=await e(o,r,await U(o.name))}catch(i){process.exitCode=await n(i,t)}}})};export{Y as id,b as ids,G as modules};
