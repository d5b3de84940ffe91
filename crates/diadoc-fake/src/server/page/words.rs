//! All that the page says, in both languages, in one table.

diadoc_core::words! {
    product: "Поддельный Диадок", "Fake Diadoc";
    skip: "К содержанию", "Skip to content";
    navigation: "Разделы", "Sections";
    language: "Язык", "Language";
    footer: "Эту страницу показывает сам сервер для тестов, и только на этой машине. Токены здесь не видны.",
        "The test server itself shows this page, on this machine alone. Tokens are never shown.";
    nothing_here: "Такой страницы нет", "There is no such page";
    to_overview: "На главную", "To the overview";
    none: "Нет.", "None.";
    name: "Имя", "Name";
    value: "Значение", "Value";
    number: "№", "No.";
    note: "Примечание", "Note";
    action: "Действие", "Action";
    form_too_long: "Форма слишком велика", "The form is too long";
    form_not_from_here: "Форма отправлена не с этой страницы: откройте страницу заново и повторите",
        "The form was not sent by this page: open the page again, and repeat";

    overview: "Обзор", "Overview";
    overview_about: "Сервер отвечает на методы API Диадока так, как описано в документации, и проверяет каждый запрос. Здесь видно, что пришло и чем он ответил.",
        "This server answers the methods of the Diadoc API as they are documented, and checks each request. Here you see what came in and what it answered.";
    check_short: "вставьте тело запроса или ответа и узнайте, что с ним не так",
        "paste the body of a request or an answer, and see what is wrong with it";
    boxes_short: "организации, документы и что с ними стало", "organizations, documents, and what became of them";
    reference_short: "методов: {}, а также все сообщения, поля и перечисления",
        "{} methods, and all messages, fields and enums";
    last_requests: "Последние запросы", "The last requests";

    requests: "Запросы", "Requests";
    requests_about: "Последние запросы, новые сверху. Список пополняется сам.",
        "The last requests, new ones first. The list goes on by itself.";
    requests_forgotten: "Более ранние запросы не хранятся: {}", "Earlier requests that are no longer kept: {}";
    requests_caption: "Что пришло и чем отвечено, новые сверху", "What came in and what was answered, new ones first";
    no_requests: "Запросов ещё не было.", "There were no requests yet.";
    no_such_request: "Такого запроса нет, или он уже забыт", "There is no such request, or it is forgotten already";
    pause: "Приостановить", "Pause";
    request: "Запрос", "Request";
    request_number: "Запрос № {}", "Request no. {}";
    method: "Метод", "Method";
    status: "Статус", "Status";
    verdict: "Итог", "Verdict";
    verdict_fine: "верно", "fine";
    verdict_warnings: "предупреждения", "warnings";
    verdict_errors: "ошибки", "errors";
    verdict_refused: "отказ", "refused";
    verdict_fault: "сбой по заказу", "planned fault";
    verdict_open: "ответа нет", "no answer";
    query: "Параметры запроса", "Query";
    headers: "Заголовки", "Headers";
    headers_hidden: "Authorization не показывается и не хранится.", "Authorization is neither shown nor kept.";
    body: "Тело", "Body";
    no_body: "Тела нет.", "There is no body.";
    confidential: "Не показывается: здесь могут быть токен или пароль.", "Not shown: a token or a password may be in it.";
    findings: "Что найдено", "Findings";
    reasons: "Почему отказано", "Why it was refused";
    remarks: "На что обратить внимание", "What is odd about it";
    nothing_found: "Замечаний нет", "Nothing is wrong";
    answer: "Ответ", "Answer";
    answer_headers: "Заголовки ответа", "Headers of the answer";
    answer_before_fault: "Таким ответ был до сбоя.", "This is the answer before the fault met it.";
    no_answer: "Ответа ещё нет, или его не будет.", "There is no answer yet, or there will be none.";
    bytes: "байт: {}", "{} bytes";
    cut: "Показано не всё.", "Not all of it is shown.";
    protobuf_as_json: "protobuf, показан как JSON", "protobuf, shown as JSON";
    bytes_as_digits: "байты", "bytes";

    faults: "Сбои и часы", "Faults and clock";
    planned_faults: "Заказанные сбои", "Planned faults";
    no_faults: "Сбоев не заказано.", "No fault is planned.";
    faults_caption: "Сбои в том порядке, в котором они наступят", "Faults in the order in which they come";
    faults_change: "Заказать или отменить сбои", "Plan faults, or take them back";
    fault: "Сбой", "Fault";
    remaining: "Осталось раз", "Times left";
    always: "всегда", "always";
    remove: "Отменить", "Take back";
    plan_fault: "Заказать сбой", "Plan a fault";
    plan_about: "Сбой встретит верные вызовы метода; неверный вызов сбоя не расходует.",
        "A fault meets right calls of the method; a wrong call does not use it up.";
    not_planned: "Сбой не заказан:", "The fault is not planned:";
    method_hint: "* — все методы; для сервера входа — путь, например /connect/token",
        "* for all methods; a path such as /connect/token for the identity server";
    kind_hint: "Что пойдёт не так", "What goes wrong";
    fault_number: "Число", "Number";
    number_hint: "Там, где в названии сбоя N", "Where the fault has an N";
    times: "Сколько раз", "How often";
    times_hint: "Пусто — всегда", "Empty for always";
    plan_button: "Заказать", "Plan";
    fault_too_many: "429: слишком много запросов, с Retry-After", "429: too many requests, with Retry-After";
    fault_status: "Статус N (400–599)", "Status N (400 to 599)";
    fault_status_after: "503 с Retry-After: N секунд", "503 with Retry-After: N seconds";
    fault_pending: "Результат ещё не готов", "The result is not ready yet";
    fault_slow: "Ответ задержан на N миллисекунд", "The answer takes N milliseconds";
    fault_no_answer: "Ответа нет вовсе", "No answer ever comes";
    fault_storm: "429 на N вызовов из ста", "429 for N calls of a hundred";
    fault_lost: "Работа сделана, а ответ потерян", "The work is done, and the answer is lost";
    fault_cut: "Соединение рвётся посреди ответа", "The connection ends in the middle of the answer";
    fault_garbage: "Вместо ответа — чужая страница HTML", "A foreign page of HTML in the place of the answer";

    clock: "Часы", "Clock";
    clock_about: "Часы сервера можно перевести вперёд: всё, чему вышел срок, закончится.",
        "The clock of the server can be moved ahead: whatever lives no longer than that has ended.";
    clock_by: "На сколько", "By";
    unit: "Единица", "Unit";
    seconds: "секунд", "seconds";
    minutes: "минут", "minutes";
    hours: "часов", "hours";
    days: "дней", "days";
    clock_button: "Перевести", "Move";
    clock_moved: "Часы переведены вперёд на {} с.", "The clock was moved ahead by {} s.";
    clock_wrong: "Часы переводят на целое число, не больше десяти лет",
        "The clock moves by a whole number, of ten years at most";

    boxes: "Ящики", "Boxes";
    world_about: "Что сервер помнит: организации с их ящиками, сообщения и что с ними стало.",
        "What the server remembers: organizations with their boxes, messages, and what became of them.";
    no_world: "Этот сервер ничего не помнит: он отвечает примерами.", "This server remembers nothing: it answers with examples.";
    world_clock: "Часы показывают", "The clock shows";
    due_later: "Дел отложено", "Things due later";
    organizations: "Организации", "Organizations";
    organizations_caption: "У каждой организации один ящик", "Each organization has one box";
    organization: "Организация", "Organization";
    inn_kpp: "ИНН / КПП", "INN / KPP";
    box_id: "Идентификатор ящика", "Id of the box";
    fns_id: "Идентификатор участника ЭДО", "Id as participant of the exchange";
    not_subscribed: "подписка на API закончилась: ответы со статусом 402", "its subscription to the API has ended: answers have the status 402";
    no_such_box: "Такого ящика нет", "There is no such box";
    no_such_letter: "Такого сообщения нет", "There is no such message";
    letters: "Сообщений", "Messages";
    letter: "Сообщение", "Message";
    draft: "Черновик", "Draft";
    template: "Шаблон", "Template";
    skipped: "Не сделано по сценарию", "What the script could not do";
    last_letters: "Последние сообщения", "The last messages";
    letters_caption: "Изменившиеся последними сверху", "What changed last stands first";
    no_letters: "Сообщений ещё нет: отправьте PostMessage.", "There are no messages yet: call PostMessage.";
    kind: "Что это", "Kind";
    sides: "Кто кому", "From and to";
    changed_at: "Изменено", "Changed";
    sent_at: "Отправлено", "Sent";
    at: "Когда", "When";
    documents: "Документы", "Documents";
    documents_caption: "Каждый документ так, как его видит ящик", "Each document as the box sees it";
    document: "Документ", "Document";
    box_of_viewer: "Ящик", "Box";
    counteragent: "Контрагент", "Counteragent";
    counteragents: "Контрагенты", "Counteragents";
    inbound: "входящий", "inbound";
    outbound: "исходящий", "outbound";
    internal: "внутренний", "internal";
    events: "События", "Events";
    events_caption: "Лента событий ящика, последние сверху", "The feed of the box, the last events first";
    event: "Событие", "Event";
    event_message: "новое сообщение", "new message";
    event_patch: "дополнение", "patch";
    employees: "Сотрудники", "Employees";
    employees_caption: "Кто работает с ящиком и что может", "Who works with the box, and what they may do";
    login: "Логин", "Login";
    rights: "Права", "Rights";
    administrator: "администратор", "administrator";
    blocked: "доступ закрыт", "blocked";
    history: "Что происходило", "What happened";
    history_caption: "Сообщение и его дополнения по порядку", "The message and its patches, in their order";
    author: "Кто", "Who";
    operator: "оператор", "the operator";
    known_to: "Кто знает", "Who knows";
    everybody: "все стороны", "every side";
    once_delivered: "автор, а после доставки все", "its author, and everybody once it is delivered";
    what_happened: "Что", "What";
    entities: "Сущности", "Entities";
    entities_caption: "Файлы и подписи сообщения", "Files and signatures of the message";
    entity: "Сущность", "Entity";
    belongs_to: "К чему относится", "Belongs to";
    size: "Байт", "Bytes";
    signer: "Чья подпись", "Whose signature";
    bad_signature: "с ошибкой", "invalid";

    check: "Проверка", "Check";
    check_about: "Вставьте тело запроса или ответа: сервер скажет о нём то же, что и команда diadoc check.",
        "Paste the body of a request or an answer: you are told what the command diadoc check says of it.";
    check_name: "Метод или сообщение", "Method or message";
    check_name_hint: "Например, PostMessageV3 или DocumentList; пусто — определить по телу",
        "PostMessageV3 or DocumentList, for example; empty to tell it from the body";
    direction: "Направление", "Direction";
    direction_any: "как у метода", "as the method has it";
    direction_hint: "Запрос проверяется строже", "Of a request more is asked";
    as_request: "запрос", "request";
    as_response: "ответ", "response";
    form: "Вид", "Form";
    protobuf_base64: "protobuf в base64", "protobuf in base64";
    form_hint: "В чём записано тело", "What the body is written in";
    check_button: "Проверить", "Check";
    no_body_given: "Вставьте тело.", "Paste a body.";
    no_base64: "Это не base64: байты protobuf вставляют в нём.", "This is no base64, which the bytes of protobuf are pasted in.";
    nothing_fits: "Ни одно сообщение к этому телу не подходит: назовите метод или сообщение.",
        "No message fits this body: name a method or a message.";
    no_message_that_way: "У этого метода нет сообщения в эту сторону.", "The method has no message that way.";
    detected: "По телу подходят:", "By the body it may be:";
    server_says: "Сервер ответит:", "The server answers:";
    infos: "к сведению", "worth knowing";

    reference: "Справочник", "Reference";
    search: "Найти", "Search";
    search_for: "Что найти", "Look for";
    search_hint: "Слова из имени, пути или описания: GetMessage, zip, box events. Описания написаны по-английски.",
        "Words of a name, a path or a description: GetMessage, zip, box events.";
    search_advice: "Ничего нет. Возьмите слово покороче или английское.", "Nothing. Try fewer words, or shorter ones.";
    found: "Найдено", "Found";
    first_shown: "Показаны первые {}.", "The first {} are shown.";
    no_such_name: "В схеме нет имени {}", "Nothing in the schema is called {}";
    name_of_several: "Имя {} есть у нескольких", "{} is the name of several things";
    methods: "Методы", "Methods";
    messages: "Сообщения", "Messages";
    kind_message: "сообщение", "message";
    kind_enum: "перечисление", "enum";
    kind_field: "поле", "field";
    kind_value: "значение", "value";
    kind_method: "метод", "method";
    obsolete: "устарело", "obsolete";
    parameters: "Параметры", "Parameters";
    stands_in: "Где", "In";
    type_name: "Тип", "Type";
    meaning: "Что значит", "Meaning";
    default_value: "По умолчанию:", "Default:";
    answers_with: "Отвечает", "Answers with";
    repeating: "Повтор", "Sent again";
    not_ready: "Ещё не готово", "Not ready yet";
    poll_with: "Итог узнаёт", "Asked for the outcome";
    paging: "Страницы", "Pages";
    successor: "Взамен", "Use instead";
    removal_after: "Удаление после", "Removed after";
    absent: "Статус, если ответить нечем", "Status where there is nothing";
    token: "Токен", "Token";
    no_token: "не нужен", "not needed";
    fields: "Поля", "Fields";
    fields_caption: "Номер на проводе, ключ в JSON, тип и смысл", "Number on the wire, key in JSON, type and meaning";
    key: "Ключ", "Key";
    only_json: "лишь JSON", "JSON only";
    values: "Значения", "Values";
    rules: "Правила", "Rules";
    example: "Пример", "Example";
    check_this: "Править и проверить", "Edit it and check";
    used_by: "Где встречается", "Used by";
    place: "Место", "Where";
    full_name: "Полное имя", "Full name";
    package: "Пакет", "Package";
    file: "Файл", "File";
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn nothing_is_missing_in_either_language() {
        assert_eq!(diadoc_core::faults_in_words(Words::ALL), [""; 0]);
    }
}
