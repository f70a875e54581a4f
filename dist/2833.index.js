const j=2833,W=[2833],R={92833:((C,u,$)=>{$.d(u,{completionScript:()=>O});var d=$(807),h=$(36263),r=$(60883);function O(o,m){const s=m.map(t=>({command:t.cli,flags:(0,h.$D)(t).filter(({hidden:a})=>!a)}));if(o==="fish")return P(s);if(o==="bash")return p(s);if(o==="zsh")return`autoload -U +X bashcompinit && bashcompinit
${p(s)}`;throw new d.yo("usage/shell",`There is no completion for ${JSON.stringify(o)}.`,{seen:o,fix:`Give one of ${r.mP.join(", ")}.`})}const g=({flags:o})=>[...o.map(({name:m})=>`--${m}`),"--help"].join(" ");function p(o){const m=[...new Set(o.map(({command:n})=>n.split(" ")[0])),"completion"].join(" "),s=[...new Set(o.filter(({command:n})=>n.includes(" ")).map(({command:n})=>n.split(" ")[0]))],t=new Map,a=new Map;for(const{command:n,flags:c}of o)for(const e of c.filter(i=>i.choices.length>0)){const i=[...e.short===void 0?[]:[`-${e.short}`],`--${e.name}`],_=e.choices.join(" "),l=t.get(i.join("|"))??_;t.set(i.join("|"),l),_!==l&&a.set(i.map(M=>`"${n} ${M}"`).join("|"),_)}const f=n=>[...n].map(([c,e])=>`    ${c}) COMPREPLY=($(compgen -W "${e}" -- "$word")); return ;;`).join(`
`);return`_glu() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]:-}"
  case "$command $before" in
${f(a)}
  esac
  case "$before" in
${f(t)}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${m}" -- "$word")); return; fi
  case "$command" in
${s.map(n=>`    ${n}) if [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W "${o.filter(({command:c})=>c.startsWith(`${n} `)).map(({command:c})=>c.split(" ")[1]).join(" ")}" -- "$word")); return; fi; command="$command \${COMP_WORDS[2]:-}" ;;`).join(`
`)}
    completion) COMPREPLY=($(compgen -W "${r.mP.join(" ")}" -- "$word")); return ;;
  esac
  case "$command" in
${o.map(n=>`    "${n.command}") COMPREPLY=($(compgen -W "${g(n)}" -- "$word")) ;;`).join(`
`)}
  esac
}
complete -o default -F _glu glu
`}function P(o){const s=["complete -c glu -f",`complete -c glu -n __fish_use_subcommand -a "${[...new Set(o.map(({command:t})=>t.split(" ")[0])),"completion"].join(" ")}"`];for(const{command:t,flags:a}of o){const[f,n]=t.split(" "),c=n===void 0?`__fish_seen_subcommand_from ${f}`:`__fish_seen_subcommand_from ${f}; and __fish_seen_subcommand_from ${n}`;n!==void 0&&s.push(`complete -c glu -n "__fish_seen_subcommand_from ${f}" -a "${n}"`);for(const e of a){const i=e.choices.length===0?"":` -x -a "${e.choices.join(" ")}"`,_=e.short===void 0?"":` -s ${e.short}`;s.push(`complete -c glu -n "${c}"${_} -l ${e.name}${i}`)}}return s.push(`complete -c glu -n "__fish_seen_subcommand_from completion" -a "${r.mP.join(" ")}"`),`${s.join(`
`)}
`}})};export{j as id,W as ids,R as modules};
