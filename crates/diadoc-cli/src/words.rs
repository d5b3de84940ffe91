//! What the program says of its own, in both languages.

diadoc_core::words! {
    error: "ошибка: {}", "error: {}";
    stdin: "стандартный ввод", "standard input";
    unreadable: "{}: не удаётся прочитать: {}\n{}", "{}: cannot be read: {}\n{}";
    check_path: "Проверьте путь.", "Check the path.";
    check_right: "Проверьте, что у вас есть право его читать.", "Check that you may read it.";
    name_a_file: "Назовите файл в этой папке.", "Name a file in this folder.";
    check_file: "Проверьте, что это файл и что у вас есть право его читать.", "Check that it is a file that you may read.";
    allow_more: "Разрешите больше через --max-{}.", "Allow more with --max-{}.";
    stdout_failed: "стандартный вывод: не удаётся записать: {}\nПроверьте, куда направлен вывод.", "standard output: cannot be written: {}\nCheck where the output goes.";
    no_thread: "не удалось запустить поток: {}\nПроверьте ограничения системы и запустите ещё раз.", "no thread could be started: {}\nCheck the limits of this system, then run it again.";

    bar: "{wide_bar} {bytes}/{total_bytes}, осталось {eta}", "{wide_bar} {bytes}/{total_bytes}, {eta} left";
    spinner: "{spinner} {bytes} за {elapsed}", "{spinner} {bytes} in {elapsed}";
    items: "{spinner} получено: {pos}, {elapsed}", "{spinner} {pos} items in {elapsed}";

    all_names: "Все имена выводит `diadoc list`.", "`diadoc list` prints all names.";
    several_messages: "именем `{}` называются несколько структур\nУкажите одну из них:{}", "`{}` is the name of several messages\nGive one of these:{}";
    no_message: "ни структуры, ни метода с именем `{}` нет\n{}", "no message and no method is called `{}`\n{}";
    a_method: "{} (метод)", "{} (method)";
    several_bodies: "телом {} может быть одна из нескольких структур\nУкажите, какая:{}", "the body of {} may be several messages\nGive one of these:{}";
    no_body: "у {} нет структуры в теле\n`diadoc describe {}` говорит, что он принимает и возвращает.", "{} has no message in its body\n`diadoc describe {}` says what it takes and gives.";
    no_answer: "у {} нет структуры в ответе\n`diadoc describe {}` говорит, что он принимает и возвращает.", "{} has no message in its answer\n`diadoc describe {}` says what it takes and gives.";
    neither: "у {} нет структуры ни в теле, ни в ответе\n`diadoc describe {}` говорит, что он принимает и возвращает.", "{} has no message in its body or its answer\n`diadoc describe {}` says what it takes and gives.";
    did_you_mean: "Возможно, имелось в виду:{}\n{}", "Did you mean:{}\n{}";

    opened: "{}: открыто: {}", "{}: opened: {}";
    where_from: "Проверьте, откуда он взялся.", "Check where it comes from.";
    correct_at: "Исправьте путь в --at.", "Correct the path that --at names.";
    no_body_there: "Назовите файл, в котором есть тело; с `--from json` и `--from protobuf` он берётся как есть, и видно, где он испорчен.", "Name a file with a body in it; `--from json` or `--from protobuf` takes it as it is, and says where it is broken.";
    several_bodies_there: "{}: тел здесь {}, а нужно одно:{}\nНазовите его через --at, например `--at .log.entries[0].response.content.text`, или положите в отдельный файл.", "{}: there are {} bodies in it, and one is due:{}\nName the one with --at, such as `--at .log.entries[0].response.content.text`, or put it into a file of its own.";
    an_answer: "{}, ответ {}", "{}, an answer of {}";

    no_json: "{}: это не JSON: {}\nИсправьте это место или укажите `--from protobuf`, если это protobuf.", "{}: this is not JSON: {}\nCorrect it there, or give `--from protobuf` if it is protobuf.";
    empty_body: "Тело пустое, а пустым телом protobuf может быть любая структура: назовите файл, в котором есть тело.", "It is empty, and an empty body may be any message in protobuf: name a file that holds one.";
    an_array: "Тело — это объект, а не массив: возьмите один его элемент.", "A body is an object, not an array: give one element of it.";
    other_keys: "Регистр ключей должен совпадать точно; что есть, показывают `diadoc list` и `diadoc describe NAME`.", "Keys match case exactly; `diadoc list` and `diadoc describe NAME` show what there is.";
    incomplete: "Проверьте, что оно целое, не сжато и не в base64; укажите `--from json`, если это JSON.", "Check that it is complete, and not compressed or base64; give `--from json` if it is JSON.";
    nothing_fits: "{}: ни одна структура не подходит к этому телу, прочитанному как {}\n{}", "{}: no message fits this body, read as {}\n{}";

    verdict: "    {}:\n        в запросе: {}; в ответе: {}; {} ({})\n", "    {}:\n        in a request {}, in a response {}; {} ({})\n";
    nothing: "ничего", "nothing";
    a_note: "{}, примечание", "{}, a note";
    proven: "доказано", "proven";
    likely: "вероятно", "likely";
    open: "не проверено", "open";
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
