//! The help of the commands that speak Russian, in Russian: what each is for in a line, and its options. The
//! longer text of `--help` is English in each language.

use clap::Command;

/// A command: its name, what it is for, its options and arguments by their ids.
type Help = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// What the input is, for commands that open a body.
const FROM: (&str, &str) = (
    "from",
    "Что на входе: `json` или `protobuf` — как есть; `auto` различает их сам и открывает то, во что тело \
                 завёрнуто, и называет это",
);
/// Where in it the body stands.
const AT: (&str, &str) = (
    "at",
    "Часть JSON, которая и есть тело, например `.request.body` или `/items/0/text`; в строках журнала — \
                 своя в каждой",
);

const LANG: (&str, &str) = (
    "lang",
    "Язык того, что выводится для людей: `en` или `ru` [по умолчанию: язык локали, иначе английский]",
);

const COMMANDS: &[Help] = &[
    (
        "check",
        "Проверяет тела по схеме",
        &[
            (
                "message",
                "Структура всех тел: полное имя или его конец, если такой конец есть только у неё; или \
                 метод, чтобы взять то, что он принимает, а с `--direction response` — что возвращает",
            ),
            (
                "direction",
                "Куда идут тела [по умолчанию: как сказано в манифесте, иначе как структура встречается в \
                 методах API; если в обоих направлениях, тело проверяется в обоих]",
            ),
            FROM,
            AT,
            (
                "ndjson",
                "Во входных данных по одному телу JSON в строке, как всегда в файлах *.ndjson и *.jsonl",
            ),
            (
                "strict",
                "Засчитывать каждое замечание, в том числе предупреждения и примечания",
            ),
            (
                "deny",
                "Замечания по этому правилу — ошибки; правила перечисляет `diadoc rules`",
            ),
            ("warn", "Замечания по этому правилу — предупреждения"),
            ("allow", "Замечаний по этому правилу не выводить"),
            (
                "no_contents",
                "Не смотреть внутрь документов, подписей и текстов в телах",
            ),
            (
                "exclude",
                "Файлы и папки, которые в папках и по шаблонам не берутся, записанные как в .gitignore: `old/`, \
                 `*.meta.json`",
            ),
            (
                "no_ignore",
                "Смотреть в папках всё, не глядя на .gitignore, в том числе скрытые файлы и node_modules",
            ),
            (
                "notes",
                "Выводить и то, что просто стоит знать, и то, что можно сказать о каждом теле, которое проходит",
            ),
            (
                "quiet",
                "Не выводить ничего о телах, с которыми всё так, как ожидается",
            ),
            (
                "format",
                "Что выводить: text — текст для людей, json — один документ, sarif — для проверки кода, junit — XML \
                 с тестом на каждое тело, github — аннотации GitHub Actions, gitlab — Code Quality в GitLab",
            ),
            (
                "paths",
                "Файлы (`-` — стандартный ввод; он читается и тогда, когда ничего не названо, а в него что-то \
                 передают), шаблоны вроде `captured/**/*.json` и папки: с manifest.json, если не указан \
                 --message, иначе все тела в них на любой глубине, по окончаниям имён: .json, .ndjson, .jsonl; \
                 для protobuf .bin, .binpb, .pb",
            ),
            LANG,
            (
                "color",
                "Выводить ли в цвете; `auto` смотрит на терминал и на NO_COLOR, CLICOLOR_FORCE, CLICOLOR и TERM",
            ),
            (
                "max_bytes",
                "Сколько в теле может быть байтов [по умолчанию: 1 ГиБ]",
            ),
            (
                "max_depth",
                "Какой может быть вложенность: структуры друг в друге и скобки под неизвестными ключами [по \
                 умолчанию и самое большее: 100]",
            ),
            (
                "max_elements",
                "Сколько элементов может быть во всех списках вместе [по умолчанию: 10 000 000]",
            ),
            (
                "max_memory",
                "Сколько байтов памяти могут занять структуры и списки [по умолчанию: 3 на каждый байт тела и \
                 4 МиБ]",
            ),
        ],
    ),
    (
        "detect",
        "Называет структуры, которые подходят к телу",
        &[
            (
                "file",
                "Файл с телом; стандартный ввод, если файл не назван или назван `-`",
            ),
            FROM,
            AT,
            LANG,
        ],
    ),
    (
        "describe",
        "Объясняет структуру, поле, перечисление, значение, метод или правило",
        &[
            ("name", "Что объяснить"),
            ("json", "Вывести в виде JSON, для программ"),
            LANG,
        ],
    ),
    (
        "search",
        "Находит имена по словам, русским или английским",
        &[
            ("words", "Слова"),
            ("all", "Всё, в чём есть эти слова, а не только первые"),
            ("json", "Вывести в виде JSON, для программ"),
            LANG,
        ],
    ),
    (
        "rules",
        "Перечисляет правила, по которым проверяются тела, или объясняет некоторые",
        &[
            ("markdown", "Таблица всех видов отклонений в Markdown"),
            (
                "json",
                "Та же таблица в JSON, которую принимает `diadoc diff`",
            ),
            ("rules", "Идентификаторы правил, которые нужно объяснить"),
            LANG,
        ],
    ),
    (
        "call",
        "Вызывает метод API и выводит его ответ",
        &[
            ("method", "Метод: его имя, например GetDocumentsV3"),
            (
                "params",
                "Параметр в виде NAME=VALUE; для списка — несколько раз",
            ),
            (
                "body",
                "Тело: структура в JSON или protobuf либо файл как есть, в зависимости от метода; `-` — \
                 стандартный ввод",
            ),
            (
                "body_name",
                "Какое это тело, если метод принимает одно из нескольких",
            ),
            FROM,
            AT,
            ("wire", "В какой форме передаются структуры"),
            ("dry_run", "Вывести запрос и ничего не отправлять"),
            (
                "curl",
                "Вывести команду curl, которая отправляет запрос, и ничего не отправлять",
            ),
            (
                "wait",
                "Ждать, пока результат не готов, и исхода задачи, которую начинает вызов; не больше стольких \
                 секунд, по умолчанию 300",
            ),
            (
                "retries",
                "Сколько раз повторять то, что не удалось, если от этого ничего не сделается дважды; по умолчанию 3",
            ),
            (
                "all",
                "Весь список, который приходит по страницам: его элементы в JSON, по одному в строке, по мере \
                 получения",
            ),
            (
                "max_bytes",
                "Сколько байтов может быть в ответе, по умолчанию гибибайт; файл записывается по мере \
                 получения и может быть больше",
            ),
            (
                "unchecked",
                "Отправить запрос, даже если он расходится со схемой",
            ),
            (
                "output",
                "Файл, в который записать ответ; стандартный вывод, если файл не назван или назван `-`",
            ),
            ("config", "Файл с адресом и токеном"),
        ],
    ),
];

/// The commands with their help in Russian.
pub(crate) fn in_russian(program: Command) -> Command {
    COMMANDS
        .iter()
        .fold(program, |program, (name, about, arguments)| {
            program.mut_subcommand(*name, |command| {
                let long = command.get_long_about().map(ToString::to_string);
                let rest = long.as_deref().and_then(|long| long.split_once("\n\n"));
                let long = rest.map(|(_, rest)| format!("{about}\n\n{rest}"));
                let command = command.about(*about);
                let command = match long {
                    Some(long) => command.long_about(long),
                    None => command,
                };
                let say = |command: Command, (id, help): &(&'static str, &'static str)| {
                    command.mut_arg(*id, |argument| argument.help(*help).long_help(None::<&str>))
                };
                arguments.iter().fold(command, say)
            })
        })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::{COMMANDS, in_russian};
    use crate::Arguments;

    #[test]
    fn no_option_is_left_out() {
        let program = Arguments::command();
        for (name, _, arguments) in COMMANDS {
            let command = program.find_subcommand(name).unwrap();
            let ids = command
                .get_arguments()
                .map(|argument| argument.get_id().as_str());
            let mut ids: Vec<_> = ids.collect();
            let mut ours: Vec<_> = arguments.iter().map(|(id, _)| *id).collect();
            ids.sort_unstable();
            ours.sort_unstable();
            assert_eq!(ours, ids, "{name}");
        }
        let rows = COMMANDS.iter().flat_map(|(_, about, arguments)| {
            let helps = arguments.iter().map(|(_, help)| *help);
            helps.chain([*about])
        });
        for help in rows {
            let is_cyrillic = |letter: char| ('\u{400}'..='\u{4ff}').contains(&letter);
            assert!(help.contains(is_cyrillic) && !help.ends_with('.'), "{help}");
        }
        in_russian(program).debug_assert();
    }
}
