module example.com/app
//     ^ definition.module go.example.com/app

go 1.21
