//! What a check says of its own, in both languages.

diadoc_core::words! {
    refused_as_said: "отклонено, как и сказано в манифесте", "refused, as the manifest says";
    passes: "проходит", "passes";
    passes_1_warning: "проходит, предупреждений: 1", "passes with 1 warning";
    passes_warnings: "проходит, предупреждений: {}", "passes with {} warnings";
    passes_loud: "ПРОХОДИТ", "PASSES";
    has_1_error: "ОШИБОК: 1", "HAS 1 ERROR";
    has_errors: "ОШИБОК: {}", "HAS {} ERRORS";
    has_1_finding: "ЗАМЕЧАНИЙ: 1", "HAS 1 FINDING";
    has_findings: "ЗАМЕЧАНИЙ: {}", "HAS {} FINDINGS";
    dropped: "ЧАСТИЧНО ОТБРОШЕНО", "PARTLY DROPPED";
    changed: "ИЗМЕНЕНО", "CHANGED";
    foreign: "ДРУГАЯ СТРУКТУРА", "ANOTHER MESSAGE";
    refused: "ОТКЛОНЕНО", "REFUSED";
    skipped: "пропущено: ни одна структура не подходит", "skipped: no message fits";
    unknown: "НЕТ ПОДХОДЯЩЕЙ СТРУКТУРЫ", "NO MESSAGE FITS";
    not_refused_at_top: "{}, но в манифесте сказано: отклонено целиком", "{}, but the manifest says refused at its top";
    not_refused_at: "{}, но в манифесте сказано: отклонено в {}", "{}, but the manifest says refused at {}";
    unreadable_here: "здесь это прочитать нельзя", "this cannot be read here";
    no_message: "ни одна структура схемы к этому не подходит", "no message of the schema fits this";
    sentence_as_request: "как запрос: {}", "as a request, {}";
    sentence_as_response: "как ответ: {}", "as a response, {}";

    of_method: "для {} ({})", "of {} ({})";
    request: "как запрос", "as a request";
    request_of: "как запрос, который принимает {}", "as a request, which {} takes";
    response: "как ответ", "as a response";
    response_of: "как ответ, который возвращает {}", "as a response, which {} gives";
    both: "как запрос и как ответ", "as a request and as a response";

    reader_refused: "отклонено: {}", "refused: {}";
    reader_found: "найдено: {}", "found: {}";
    trip_changed: "изменено, {}: {}", "changed, {}: {}";
    manifest: "манифест: {}", "manifest: {}";
    way_request: "    как запрос (одно из двух выбирает --direction):", "    as a request (--direction says which it is):";
    way_response: "    как ответ (одно из двух выбирает --direction):", "    as a response (--direction says which it is):";
    left_out: "    не показано: {}; их число по видам даёт --format json", "    left out: {}; --format json counts them";
    missing: "нет обязательных полей {} и `{}`", "the required fields {} and `{}` are missing";
    nothing_fits: "ничто в нём не подходит к структурам схемы: назовите его структуру через --message", "nothing in it fits a message of the schema: name its message with --message";
    taken_for: "принято за {}, эта структура объясняет {} % тела: {}", "taken for {}, which explains {} % of it: {}";
    or_is_it: "или это {}, {} %: {}", "or is it {}, {} %: {}";
    say_which: "выберите структуру через --message NAME", "--message NAME says which it is";
    times: "    ... и так далее, всего {}: {}", "    ... and so {} times in all: {}";
    more_kinds: "    не показано других видов: {}; их выводит --format json", "    left out: {} more kinds; --format json prints them";
    meant: "{} (возможно, имелось в виду {})", "{} (did you mean {}?)";
    note: "примечание", "note";
    note_times: "{} (всего {})", "{} ({} times)";
    more_notes: "    не показано примечаний: {}", "    left out: {} more notes";
    one_note: "; 1 примечание покажет --notes", "; --notes shows 1 note";
    some_notes: "; примечаний: {}, их покажет --notes", "; --notes shows {} notes";
    of_passing: "О том, что проходит (--notes покажет это в каждом теле):", "Of bodies that pass (--notes shows it with each):";
    in_bodies: "тел: {}, первое {}", "{} bodies, first {}";
    more_of_passing: "    не показано других видов: {}", "    left out: {} more kinds";
    and_more: "{} и ещё {}", "{} and {} more";

    key_skipped: "неизвестный ключ, пропущен", "unknown key, skipped";
    field_skipped: "неизвестное поле, пропущено", "unknown field, skipped";
    default_taken: "нет обязательного поля, взято значение по умолчанию", "required field missing, default taken";
    name_as_unknown: "неизвестное имя в перечислении, читается как значение для неизвестных имён", "unknown enum name, read as the member for unknown names";
    name_unset: "неизвестное имя в перечислении, поле осталось незаданным", "unknown enum name, left unset";
    trip_other: "другое изменение", "another change";
    not_carried: "поле, которое есть только в JSON, protobuf его не передаёт", "a field that only JSON has, not carried by protobuf";

    one_passes: "проходит", "passes";
    count_1_passes: "проходит 1", "1 passes";
    count_pass: "проходят {}", "{} pass";
    one_skipped: "пропущено", "is skipped";
    count_1_skipped: "пропущено 1", "1 is skipped";
    count_skipped: "пропущено {}", "{} are skipped";
    one_findings: "с замечаниями", "has findings";
    count_1_findings: "с замечаниями 1", "1 has findings";
    count_findings: "с замечаниями {}", "{} have findings";
    one_dropped: "частично отброшено", "is partly dropped";
    count_1_dropped: "частично отброшено 1", "1 is partly dropped";
    count_dropped: "частично отброшено {}", "{} are partly dropped";
    one_changed: "изменено", "is changed";
    count_1_changed: "изменено 1", "1 is changed";
    count_changed: "изменено {}", "{} are changed";
    one_foreign: "другая структура", "is another message";
    count_1_foreign: "другая структура у 1", "1 is another message";
    count_foreign: "другая структура у {}", "{} are other messages";
    one_refused: "отклонено", "is refused";
    count_1_refused: "отклонено 1", "1 is refused";
    count_refused: "отклонено {}", "{} are refused";
    one_unknown: "нет подходящей структуры", "fits no message";
    count_1_unknown: "нет подходящей структуры у 1", "1 fits no message";
    count_unknown: "нет подходящей структуры у {}", "{} fit no message";
    no_bodies: "тел нет", "there are no bodies";
    one_body: "1 тело", "1 body";
    bodies: "всего тел {}", "{} bodies";
    as_said: ", как и сказано в манифесте", ", as the manifest says";
    all_as_said: ", всё как сказано в манифесте", ", all as the manifest says";
    some_as_said: "; тела из манифеста — как в нём сказано", "; those of a manifest as it says";
    one_surprise: "; не так, как сказано в манифесте: 1", "; 1 is not as the manifest says";
    surprises: "; не так, как сказано в манифесте: {}", "; {} are not as the manifest says";
    unreadable: "; не удалось прочитать {}: {}", "; {} could not be read: {}";
    one_unnamed: "; нет в своём манифесте: ещё 1", "; 1 more is not in its manifest";
    unnamed: "; нет в своём манифесте: ещё {}", "; {} more are not in their manifest";

    no_entry: "ни одна запись в {} не называет этого тела", "no entry of {} names this body";
    not_in_manifest: "{}  НЕТ В МАНИФЕСТЕ", "{}  NOT IN THE MANIFEST";
    rule_error: "ошибка[{}]: {}", "error[{}]: {}";

    stdin_line: "стандартный ввод, строка {}", "standard input, line {}";
    ndjson_of_protobuf: "--ndjson — только для JSON\nУберите его или уберите `--from protobuf`.", "--ndjson is for JSON\nLeave it out, or leave out `--from protobuf`.";
    nothing_to_check: "проверять нечего\nНазовите файлы или папки, или `-` для стандартного ввода.", "there is nothing to check\nName files or folders, or `-` for standard input.";
    stdin_twice: "стандартный ввод назван дважды, а прочитать его можно один раз\nНазовите `-` один раз.", "standard input is named twice, and can be read once\nName `-` once.";
    no_pattern: "{}: это не шаблон: {}\nПишите * внутри имени, ** между косыми чертами и [*] для самой звёздочки.", "{}: this is not a pattern: {}\nWrite * within a name, ** between slashes, and [*] for a star itself.";
    no_match: "{}: такого файла нет, и ничто не подходит под шаблон\nПроверьте путь. В шаблоне * стоит внутри имени, ** — для папок на любой глубине.", "{}: no file is there or matches\nCheck the path. A pattern has * within a name, ** for folders at any depth.";
    json_names: "*.json, *.ndjson и *.jsonl", "*.json, *.ndjson and *.jsonl";
    protobuf_names: "*.bin, *.binpb и *.pb", "*.bin, *.binpb and *.pb";
    names_of_both: "*.json, *.ndjson, *.jsonl, *.bin, *.binpb и *.pb", "*.json, *.ndjson, *.jsonl, *.bin, *.binpb and *.pb";
    opened: "открыто: {}", "opened: {}";
    nothing_opens: "ничем не открывается: похоже, это {}", "nothing opens it: it looks like {}";
    passed_over: "{}: пропущено: {}", "{}: passed over: {}";
    no_body_of_the_api: "{}: тел API здесь нет\nЧто пропущено, сказано выше; если это всё же тело, назовите его структуру через --message.", "{}: there is no body of the API in it\nWhat was passed over is told above; name the message with --message where it is one all the same.";
    empty_pattern: "здесь нужны имена, которые пропускать", "it is to say what is passed over";
    no_files: "{}: в этой папке нет файлов {}\nНазовите другую папку или сами файлы. Скрытые файлы и то, что называет .gitignore, проверяет --no-ignore.", "{}: there are no {} files in this folder\nName another folder, or the files themselves. --no-ignore takes hidden files too, and what .gitignore names.";
    wrong_manifest: "{}\nИсправьте манифест или назовите тела: `diadoc check --message NAME PATH...`.", "{}\nCorrect the manifest, or name the bodies with `diadoc check --message NAME PATH...`.";
    no_fixtures: "ни здесь, ни в папках выше нет папки `fixtures` с manifest.json\nНазовите, что проверять: `diadoc check PATH...` для файлов, папок и шаблонов; --message NAME\nговорит, что это.", "there is no folder `fixtures` with a manifest.json here or in a folder above\nName what to check: `diadoc check PATH...` for files, folders and patterns; --message NAME\nsays what they are.";
    wrong_levels: "{}: строка {}: {}\nФайл в формате TOML: в разделе [rules] каждая строка — \"RULE\" = \"deny\", \"warn\" или \"allow\"; правила перечисляет `diadoc rules`.", "{}: line {}: {}\nThe file is TOML: under [rules] each line is \"RULE\" = \"deny\", \"warn\" or \"allow\"; `diadoc rules` lists the rules.";
    level: "уровень — это `deny`, `warn` или `allow`", "a level is `deny`, `warn` or `allow`";
    rule_of_check: "`{}` относится к самой проверке, уровня у него нет", "`{}` is about the check, and has no level";
    near_rule: "правила `{}` нет; возможно, имелось в виду `{}`", "there is no rule `{}`; did you mean `{}`?";
    no_rule: "правила `{}` нет; их перечисляет `diadoc rules`", "there is no rule `{}`; `diadoc rules` lists them";
    broken_off: "тело не удалось проверить до конца\nПочему, сказано в сообщении выше; пожалуйста, сообщите об этом.", "a body could not be checked to its end\nThe message above says why; please report it.";
    long_line: "{}: эта строка длиннее 64 МиБ и не проверена\nПо одному телу в строке стоит с --ndjson и в файлах *.ndjson и *.jsonl; проверьте, что это\nтакой файл.", "{}: this line is longer than 64 MiB and was not checked\nBodies stand one a line with --ndjson and in *.ndjson and *.jsonl files; check that this\nis one.";
    no_body: "{}: тел здесь нет\nПо одному телу в строке стоит с --ndjson и в файлах *.ndjson и *.jsonl; проверьте, что это\nтот файл.", "{}: there is no body in it\nBodies stand one a line with --ndjson and in *.ndjson and *.jsonl files; check that this is the\nright one.";
}

/// In the language that is spoken.
pub(crate) fn words() -> &'static Words {
    Words::of(crate::language::spoken())
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn nothing_is_missing_in_either_language() {
        assert_eq!(diadoc_core::faults_in_words(Words::ALL), [""; 0]);
    }
}
