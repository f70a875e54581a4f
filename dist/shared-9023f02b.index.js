const P={57962:((w,f,i)=>{i.d(f,{D9:()=>l,p0:()=>g,p7:()=>t});var d=i(57837);const m="&#8203;";function t(u){return(0,d.P8)(u).trim().replace(/[@#!$%~&^](?=[\p{L}\p{N}_"'@-])/gu,"$&\u200B").replace(/(?<!\d\d(?=:\d\d(?::|[+-]\d\d:))):(?=\/\/|[\w+-]*:|[\w.+-]*@|\d+\])/g,":\u200B").replace(/\b(?:www)(?=\.)/gi,"$&\u200B").replace(/\b(?:GH-)(?=\d)/gi,"$&\u200B").replace(/\b(?:xmpp|mailto):/gi,"$&\u200B").replace(/[^\p{L}\p{M}\p{N}\u00a0 .,:;()?→·…—–✓✗\u{1F000}-\u{1FAFF}\u2300-\u27bf'/-]|^[-/]|(?<=^\d+)[.)](?=\s|$)/gu,o=>o==="\u200B"?m:`&#${o.codePointAt(0)};`)}function l(u){const r=(0,d.P8)(u).trim();return r===""||/[`|\\]/.test(r)?`<code>${t(r)}</code>`:`\`${r}\``}function g(u,r){const o=r.map(p=>(0,d.yy)(p)),h=Math.max(0,...o.flatMap(p=>(p.match(/`+/g)??[]).map($=>$.length))),c="`".repeat(Math.max(3,h+1));return[c+u,...o,c].join(`
`)}}),71700:((w,f,i)=>{i.d(f,{g:()=>$});var d=i(36604),m=i(2182),t=i(57962),l=i(79713),g=i(61050),u=i(52221);const r=e=>e.map(o).join("");function o(e){if(typeof e=="string")return c(e);switch(e.kind){case"code":return(0,t.D9)(e.text);case"strong":return h((0,t.p7)(e.text));case"muted":return c(e.text);case"break":return"<br>";case"icon":return u.P[e.icon].emoji;case"result":return`${u.P[e.result].emoji}\xA0${e.result}`;case"link":{const s=e.code===!0?(0,t.D9)(e.text):(0,t.p7)(e.text),n=(0,g.P)(e.href);return n===void 0?s:`[${s}](<${(0,m.J)(n)}>)`}}}const h=e=>/^[\p{L}\p{N}](?:.*[\p{L}\p{N}])?$/u.test(e)?`**${e}**`:`<strong>${e}</strong>`;function c(e){const[,s="",n="",a=""]=/^(\s*)([\s\S]*?)(\s*)$/.exec(e)??[];return(s===""?"":" ")+(0,t.p7)(n)+(a===""?"":" ")}const p=2e3;function $(e,s){switch(e.kind){case"heading":return`### ${(0,t.p7)(e.text)}`;case"paragraph":return r(e.line);case"notice":return`> [!${e.tone==="warning"?"WARNING":"NOTE"}]
> ${r(e.line)}`;case"list":return e.items.map(n=>`- ${r(n)}`).join(`
`);case"details":{const n=e.blocks.map(a=>$(a,s)).filter(a=>a!=="");return n.length===0?"":[`<details><summary>${(0,m.J)(e.summary)}</summary>`,...n,"</details>"].join(`

`)}case"listing":return(0,t.p0)(e.language,e.text.replace(/\n$/,"").split(`
`));case"diff":{const{lines:n,left:a}=(0,d.T)(e.file,e.limit),x=(0,d.Y)(e.file),j=`${(0,t.D9)(e.file.path)} ${e.file.kind}`;return x!==void 0?`${j}

${(0,t.p7)(x)}`:[j,(0,t.p0)("diff",n),...a===void 0?[]:[(0,t.p7)(`${a}.`)]].join(`

`)}case"output":return`${(0,t.p7)(e.title)}

${(0,t.p0)("text",e.lines)}`;case"table":return y(e);case"graph":{const n=(0,l.D)(e);return s!=="gitlab"||n.length<=p?(0,t.p0)("mermaid",n.split(`
`)):""}}}function y({columns:e,rows:s}){return[`| ${e.map(t.p7).join(" | ")} |`,`| ${e.map(()=>":--").join(" | ")} |`,...s.map(n=>`| ${n.map(r).join(" | ")} |`)].join(`
`)}})};export{P as modules};
