const h=745,y=[745],l={5126:((o,d,t)=>{t.a(o,async(x,n)=>{try{t.r(d);var s=t(6231),a=t(4126),c=t(4234);await(0,a.C)(s.pt,c.EQ),n()}catch(v){n(v)}},1)})};export{h as id,y as ids,l as modules};
