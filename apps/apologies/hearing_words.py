"""The words by which a failure is told, in English, German, Portuguese, Spanish and French.

Written and matched in small letters without accents, as whole words. `*` stands for any ending, `~` for up
to three words between. FAULTS can be denied ("not late", "nothing was broken"); DENIALS hold their own
"not" ("never arrived", "no reply").
"""

from .models import IncidentKind

FAULTS: dict[str, str] = {
    IncidentKind.LATE: """
        late, too late, delay*, days after, weeks after, took weeks, took ages, took forever, took months,
        took ~ too long, slow delivery, slow shipping, delivery ~ slow, shipping ~ slow, overdue,
        still waiting, waiting for ~ weeks, waited ~ weeks, waited ~ days, waited ~ weeks for,
        missed ~ deadline, after the promised, past the date, later than promised, later than,
        longer than promised, a week of waiting, zu spat, verspat*, verzoger*, lange gewartet,
        zu lange gedauert, warte noch, warte immer noch, warte seit, wartezeit, atras*, demor*,
        fora do prazo, apos o prazo, depois do prazo, prazo ~ vencido, passou do prazo, prazo ~ estourado,
        muito tempo para chegar, ainda estou ~ aguardando, estou aguardando ~ ainda, chegou tarde,
        tarde demais, retras*, tardo, tarde, fuera de plazo, sigo esperando, todavia estoy esperando,
        en retard, retard, trop tard, trop long, j'attends toujours, attends encore
    """,
    IncidentKind.LOST: """
        lost in the post, lost in transit, lost my parcel, lost my order, lost my package, parcel ~ lost,
        package ~ lost, order was lost, went missing, gone missing, disappeared, parcel ~ missing,
        package ~ missing, order ~ missing, parcel has vanished, vanished, verloren gegangen,
        verlorengegangen, verschwunden, verschollen, extravi*, perdid* pelo correio, pedido sumiu, sumiu,
        perderam, se perdio, perdido, perdu, perdue, egare*
    """,
    IncidentKind.WRONG: """
        wrong item, wrong size, wrong colour, wrong color, wrong product, wrong order, wrong one,
        wrong model, wrong thing, wrong parcel, wrong shoes, sent the wrong, got the wrong,
        received the wrong, was the wrong, sent me the wrong, something else entirely,
        different from ~ ordered, different from ~ picture*, different item, different colour,
        different color, instead of the, someone else's order, somebody else's, not what ~ ordered,
        missing ~ pieces, one ~ missing, two ~ missing, item was missing, items ~ missing,
        item is missing, parts ~ missing, part is missing, only one of, only half ~ order,
        half of ~ order, incomplete, mix-up, mixed up my order, swapped, falsch* ~ artikel,
        falsch* ~ grosse, falsch* ~ groesse, falsch* ~ farbe, falsche ware, falsch*, falsch geliefert,
        etwas anderes, fehlt, fehlte, fehlten, unvollstandig, produto errado, veio errad*, errad*,
        trocad*, cor errada, tamanho errado, diferente d*, outro produto, veio diferente, enviaram outr*,
        mandaram outr*, veio outr*, recebi outr*, faltou, faltando, falta, faltaram, incomplet*, so veio,
        veio so, recebi so, recebi apenas, veio apenas, so recebi, apenas um*, parte do pedido,
        somente u*, somente 1, so 1, so um*, so foi entregue, so entreg*, so me entreg*, so vieram,
        recebi somente, veio menor, equivocad*, producto equivocado, talla equivocada, color equivocado,
        otro producto, mauvais article, mauvaise taille, mauvaise couleur, mauvais produit, pas le bon,
        manquant*, il manque
    """,
    IncidentKind.BROKEN: """
        broken, broke, damage*, cracked, shattered, smashed, torn, ripped, defect*, faulty, dented,
        snapped, in pieces, fell apart, came apart, stopped working, does not work, doesn't work,
        did not work, didn't work, dead on arrival, scratched, leak*, hole in it, came off, won't turn on,
        scuffed, chipped, doa, kaputt, beschadigt*, zerbrochen, defekt*, zerrissen, gerissen, gebrochen,
        funktioniert nicht, quebr*, defeit*, danific*, rasgad*, estrag*, amassad*, nao funciona,
        nao funcionou, nao liga, trincad*, avariad*, rot*, dana*, defectuos*, no funciona, estropead*,
        casse*, abime*, endommage*, defectueu*, dechire*, ne fonctionne pas, ne marche pas
    """,
    IncidentKind.RUDE: """
        rude*, impolite*, unfriendly, hung up on, snapped at, shouted at, yelled at, laughed at,
        insulted me, insulted my, insulting to me, was insulting, were insulting, arrogant, condescending,
        disrespect*, dismissive, treated me like, called me a, sneered, sarcastic, talked down to,
        unhoflich, unfreundlich*, frech, aufgelegt, beleidig*, patzig, angeschrien, grosseir*,
        mal educad*, mal-educad*, desrespeit*, mal atendid*, ignorante comigo, desligou na minha cara,
        grosero*, grosera*, maleducad*, mal trato, me colgo, malparle*, impoli*, grossier*, desagreable,
        raccroche au nez
    """,
    IncidentKind.SILENT: """
        simply ignored, was ignored, been ignored, were ignored, ignored me, ignored my, ignored us,
        ignoring me, ignores me, you ignore, unanswered, no reply, no answer, no response,
        without a reply, without an answer, radio silence, gets back to me, left on hold, silence,
        keine antwort, unbeantwortet, ohne antwort, ignoriert, niemand meldet, niemand antwortet,
        niemand hat ~ geantwortet, nie eine antwort, meldet sich niemand, keiner antwortet, keiner meldet,
        sem resposta, nenhuma resposta, ninguem responde*, ninguem respondeu, ninguem entra em contato,
        ninguem entrou em contato, ninguem me responde*, sem retorno, nenhum retorno, nao respond*,
        nao me respond*, nao tive ~ retorno, nao tive ~ resposta, nao obtive ~ resposta,
        nao obtive ~ retorno, nao atendem, sin respuesta, nadie responde, nadie contesta, no contesta*,
        no responde*, sans reponse, aucune reponse, personne ne repond, pas de reponse
    """,
}
DENIALS: dict[str, str] = {
    IncidentKind.LATE: """
        not on time, hasn't come yet, not here yet, not arrived yet, not come yet, not yet arrived,
        hasn't arrived yet, still not here, still not arrived, still hasn't, still have not,
        still has not, still haven't received, did not come on, didn't come on, did not come on the day,
        not delivered on time, not kept the date, noch nicht da, noch nicht angekommen,
        noch nicht erhalten, noch nicht geliefert, immer noch nicht, nicht punktlich, nicht rechtzeitig,
        nicht termingerecht, ainda nao chegou, ainda nao recebi, ainda nao foi entregue, nao chegou ainda,
        nao recebi ainda, ate agora nao, ate o momento nao, ate hoje nao, nao chegou no prazo,
        nao foi entregue no prazo, nao entreg* no prazo, nao cumpr* ~ prazo, nada ate o momento,
        e ate hj nada, ate hoje nada, ate agora nada, nao cumpr* com o prazo, aun no, todavia no,
        no ha llegado todavia, no llego a tiempo, no llega, pas encore, toujours pas
    """,
    IncidentKind.LOST: """
        never arrived, never came, never turned up, never showed up, never received, never got,
        never delivered, did not arrive, didn't arrive, didn't come, did not receive, didn't receive,
        have not received, haven't received, hasn't arrived, has not arrived, not received, not delivered,
        nothing arrived, nothing came, no sign of, nowhere to be found, no parcel, nie angekommen,
        nie erhalten, nie geliefert, nicht angekommen, nicht erhalten, nicht geliefert, nichts angekommen,
        nao recebi, nao chegou, nunca chegou, nao foi entregue, nao veio, nao entregaram, nunca recebi,
        nao recebemos, nao entregue, nao me foi entregue, nao me foi entregue nada, nao foram entregue,
        nao me entregaram, nao foram entregues, sem receber, nao chegaram, nunca llego, no llego,
        no recibi, no he recibido, nunca recibi, no ha llegado, jamais arrive, jamais recu, rien recu,
        pas recu, pas arrive, pas livre
    """,
    IncidentKind.WRONG: """
        not what i ordered, not the one i ordered, isn't what i ordered, wasn't what i ordered,
        never ordered, not as ordered, did not order this, didn't order this, not the colour,
        not the color, not the size, not the same, nicht das was ich bestellt, nicht bestellt,
        nicht wie bestellt, nicht das bestellte, nao foi o que ~ pedi, nao e o que ~ comprei,
        nao era o que, nao foi o que, nao e o produto, nao corresponde, nao e o mesmo,
        nao veio ~ complet*, nao veio tudo, nao e igual, nao condiz, no es lo que pedi,
        no era lo que pedi, ce n'est pas ce que, pas ce que j'ai commande
    """,
    IncidentKind.SILENT: """
        nobody answer*, no one answer*, nobody repl*, no one repl*, nobody respond*, no one respond*,
        nobody called, nobody wrote back, nobody got back, no one got back, no one called,
        nobody picks up, no one picks up, never answered, never replied, never responded,
        never got an answer, never got a reply, never got back, never called back, never heard back,
        never wrote back, don't answer, don't reply, doesn't answer, does not answer, do not answer,
        did not answer, didn't answer, did not reply, didn't reply, won't answer, not answered,
        haven't answered, haven't replied, haven't heard, have not heard, not heard back, not replied
    """,
}
# What is told of somebody or something else, or of another time: never a failure of ours now
SET_WORDS = """
    sooner or later, didn't work for, did not work for, doesn't work for, does not work for,
    didn't work on, didn't work out, didn't work with, doesn't work with, doesn't work on, broken nail*,
    broken fingernail*, never came back, came off the, came off as, came off a, took it off,
    a few weeks after it, wrong place*, torn between, ripped jeans, ripped off, distressed and ripped,
    scratched my, holes in all the, later on, see you later, late night, late autumn, late summer,
    late evening, i was late, too late for me, as of late, better late than never, boa tarde,
    buenas tardes, mas tarde, mais tarde, nao demor*, por la tarde, esta tarde, broke the bank, broken in,
    break in, broken english, i broke it myself, broke even, tarde libre, lost weight, lost interest,
    lost receipt, i lost the, i lost my receipt, sem atraso, antes do prazo, dentro do prazo, a falta de,
    faz falta, nao falta, comfortable silence, silent mode, in silence, quick silence
"""
